package plumb.access;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.http.Recent;
import plumb.ownership.LeaseTableException;
import plumb.postgres.People;

/// Knows people by their passwords and tokens. What it found out it knows by heart for a few seconds, and for much
/// longer while the database is away: that is when somebody must look.
///
/// Safe for use by several threads. Blocks for the database and the computation of a hash.
@ApplicationScoped
public class Doorkeeper {
    private static final Logger LOG = System.getLogger(Doorkeeper.class.getName());

    /// A hash takes a tenth of a second of a processor, by intention, and a look a connection of its own: those who
    /// have no name yet get no more of either.
    private static final int AT_ONCE = 2;

    /// More are sent away: each holds a thread that could serve orders.
    private static final int WAITING = 8;

    private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long USABLE_NANOS = Duration.ofHours(1).toNanos();
    private static final int MOST_KNOWN = 1_000;

    /// How long somebody stays logged in.
    static final Duration LOGIN = Duration.ofHours(12);

    /// @param refusedFor how long to wait; zero: the name or the secret is wrong
    record Answer(@Nullable Caller caller, Duration refusedFor) {
        static final Answer WRONG = new Answer(null, Duration.ZERO);
    }

    /// Who somebody is cannot be found out now.
    static final class Away extends RuntimeException {
        private static final long serialVersionUID = 1;

        /// @param message one sentence for whoever asks
        Away(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private record Known(Caller caller, long atNanos) {}

    @FunctionalInterface
    private interface LookUp {
        @Nullable
        Caller look();
    }

    @Inject
    AccessSettings settings;

    @Inject
    People people;

    @Inject
    LongSupplier nanoTime;

    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final Semaphore inside = new Semaphore(AT_ONCE + WAITING);
    private final String pepper =
            Secrets.random(16); // passwords are remembered under a hash that dies with the process
    private volatile boolean opened;
    private Lockout lockout = new Lockout(() -> 0);
    private final Map<String, Known> known = Recent.ofAtMost(MOST_KNOWN);
    private final Map<String, String> matched = Recent.ofAtMost(MOST_KNOWN); // to these hashes in the table

    @PostConstruct
    void begin() {
        LongSupplier clock = nanoTime;
        lockout = new Lockout(clock);
    }

    AccessSettings settings() {
        return settings;
    }

    /// Lets the first person in, if there is none who could let others in. Where the database does not answer, it is
    /// tried again when somebody comes.
    public synchronized void open() {
        if (opened || !settings.enabled() || settings.auth() != AccessSettings.Auth.FORM) return;
        try {
            if (!people.hasAdmin()) addFirst();
            opened = true;
        } catch (LeaseTableException e) {
            LOG.log(Level.WARNING, () -> "Whether there is an admin is not known yet: " + e.getMessage());
        }
    }

    private void addFirst() {
        String password = settings.password() == null ? Secrets.random(15) : settings.password();
        if (!people.addFirst("admin", Role.ADMIN.inTable(), Passwords.hash(password))) return;
        if (settings.password() == null)
            LOG.log(Level.WARNING, "The first password of admin, told only once: " + password);
    }

    Answer byPassword(String name, String password, String address) {
        if (!opened) open();
        Duration wait = lockout.left(name, address);
        if (wait.isPositive()) return new Answer(null, wait);
        String under = under("password", name + ":" + password);
        Caller caller = remembered(under, () -> compare(name, password, under));
        if (caller == null) lockout.failed(name, address);
        else lockout.succeeded(name, address);
        return caller == null ? Answer.WRONG : new Answer(caller, Duration.ZERO);
    }

    private @Nullable Caller compare(String name, String password, String under) {
        People.Row row = people.find(name).orElse(null);
        if (row == null || row.password() == null) {
            Passwords.hash(password); // the same work, so that the time does not tell who exists
            return null;
        }
        boolean matches = row.password().equals(matched.get(under)) || Passwords.match(password, row.password());
        if (matches) matched.put(under, row.password());
        return matches ? caller(row.name(), row.role()) : null;
    }

    Optional<Caller> byToken(String token) {
        return Optional.ofNullable(remembered(
                under("token", token),
                () -> people.ofToken(Secrets.hash(token))
                        .map(row -> caller(row.name(), row.role()))
                        .orElse(null)));
    }

    private static @Nullable Caller caller(String name, String role) {
        return Role.of(role).map(known -> new Caller(name, known)).orElse(null);
    }

    /// A new token for somebody.
    ///
    /// @param kind `login` or `script`
    String token(Caller caller, String kind, Duration valid) {
        String token = Secrets.random(32);
        people.addToken(Secrets.hash(token), caller.name(), kind, valid);
        return token;
    }

    void forget(String token) {
        people.removeToken(Secrets.hash(token));
        forgetAll();
    }

    /// Somebody's role, password or tokens have changed. Other instances know within seconds.
    void forgetAll() {
        known.clear();
    }

    /// For who was not known before: however many try, they take neither all processors nor all threads.
    private @Nullable Caller inTurn(LookUp lookUp) {
        if (!inside.tryAcquire()) throw new Away("Too many whom nobody knows are asking; try again.", null);
        try {
            turns.acquireUninterruptibly();
            try {
                return lookUp.look();
            } finally {
                turns.release();
            }
        } finally {
            inside.release();
        }
    }

    private String under(String kind, String secret) {
        return HexFormat.of().formatHex(Secrets.hash(pepper + kind + ":" + secret));
    }

    private @Nullable Caller remembered(String under, LookUp lookUp) {
        Known before = known.get(under);
        long now = nanoTime.getAsLong();
        if (before != null && now - before.atNanos() < FRESH_NANOS) return before.caller();
        try {
            Caller caller = before == null ? inTurn(lookUp) : lookUp.look();
            if (caller != null) known.put(under, new Known(caller, now));
            return caller;
        } catch (LeaseTableException e) {
            if (before != null && now - before.atNanos() < USABLE_NANOS) return before.caller();
            throw new Away("Who you are cannot be looked up: the database does not answer.", e);
        }
    }

    /// Wrong passwords since the start.
    public long failures() {
        return lockout.failures();
    }

    /// Who has guessed lately.
    public int guessers() {
        return lockout.guessers();
    }
}

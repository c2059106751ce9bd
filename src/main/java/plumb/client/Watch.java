package plumb.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Keeps the routing table fresh: one daemon virtual thread asks for it, and then, again and again, for the next one.
/// Ends with [#close].
final class Watch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watch.class.getName());
    private static final String WAIT = "?wait=PT20S";
    private static final Duration TIMEOUT = Duration.ofSeconds(35); // longer than the wait
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /// However many answers say that the table is old, it is not read more often.
    private static final Duration BETWEEN_REFRESHES = Duration.ofMillis(250);

    private final String path;
    private final Doors doors;
    private final HttpClient http;
    private final Thread thread;
    private final CountDownLatch known = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean old = new AtomicBoolean();
    private volatile @Nullable RouteTable table;
    private volatile @Nullable CompletableFuture<HttpResponse<String>> waiting;
    private String tag = ""; // of the thread, as all below
    private boolean patient;
    private Duration pause = FIRST_PAUSE;

    Watch(String domain, Doors doors, HttpClient http) {
        this.path = "/api/routes/" + domain;
        this.doors = doors;
        this.http = http;
        this.thread = Thread.ofVirtual().name("plumb-routes-" + domain).unstarted(this::watchUntilClosed);
    }

    void start() {
        thread.start();
    }

    RouteTable.@Nullable Range find(String key) {
        RouteTable current = table;
        return current == null ? null : current.find(key);
    }

    Set<URI> bases() {
        RouteTable current = table;
        return current == null ? Set.of() : current.bases();
    }

    boolean isKnown() {
        return table != null;
    }

    OptionalLong version() {
        RouteTable current = table;
        return current == null ? OptionalLong.empty() : OptionalLong.of(current.version());
    }

    boolean await(Duration atMost) throws InterruptedException {
        return known.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Reads the table soon, whatever is known. Does not block.
    void refresh() {
        old.set(true);
        CompletableFuture<?> poll = waiting;
        if (poll != null) poll.cancel(true);
    }

    private void watchUntilClosed() {
        try {
            while (closed.getCount() > 0) {
                boolean anew = old.getAndSet(false);
                Duration rest = ask(anew) ? Duration.ZERO : pauseAfterFailure();
                if (anew && rest.isZero()) rest = BETWEEN_REFRESHES;
                closed.await(rest.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.WARNING, "Somebody interrupted the thread that keeps the routing table fresh");
        }
    }

    private Duration pauseAfterFailure() {
        Duration now = pause;
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        patient = false;
        return now;
    }

    /// @param anew the whole table, at once
    /// @return false: no answer, or not a good one
    private boolean ask(boolean anew) throws InterruptedException {
        URI door = doors.inOrder(null, bases()).getFirst();
        boolean wait = !anew && patient;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(door + path + (wait ? WAIT : "")))
                .timeout(TIMEOUT);
        if (!anew && !tag.isEmpty()) request.header("If-None-Match", tag);
        try {
            HttpResponse<String> answer = exchange(request.build(), wait);
            take(answer);
            patient = true;
            pause = FIRST_PAUSE;
            return true;
        } catch (CancellationException e) {
            return true; // it is to be read anew, or all is over
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "no routing table from " + door, e);
            if (e instanceof IOException) doors.distrust(door);
            return false;
        }
    }

    private HttpResponse<String> exchange(HttpRequest request, boolean wait) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, BodyHandlers.ofString());
        if (wait) waiting = answer;
        if (closed.getCount() == 0 || (wait && old.get())) answer.cancel(true); // since the look
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        } finally {
            waiting = null;
        }
    }

    private void take(HttpResponse<String> answer) {
        if (answer.statusCode() == 304) return;
        if (answer.statusCode() != 200) throw new IllegalArgumentException("status " + answer.statusCode());
        table = RouteTable.parse(answer.body());
        tag = answer.headers().firstValue("ETag").orElse("");
        known.countDown();
    }

    @Override
    public void close() {
        closed.countDown();
        CompletableFuture<?> poll = waiting;
        if (poll != null) poll.cancel(true);
    }
}

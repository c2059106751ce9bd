package plumb.dispatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import plumb.Quarantined;
import plumb.keyspace.Key;

/// Keys that are shut out, and those that are on their way there. A key is shut out when requests of it failed
/// unexpectedly, so many in a row within a while ([Blame] says which failures count); or by what others know of it
/// ([#know]). Thread-safe; while nothing is wrong with anybody it costs a request the look at an empty map.
public final class Quarantine {
    private static final Logger LOG = System.getLogger(Quarantine.class.getName());

    /// A suspect is cleared by so many requests that did not fail. Few: a busy key is likely to be in flight whenever
    /// somebody kills an instance, and must be cleared before that happens again.
    static final int CLEARED_BY = 10;

    /// One instance shuts out no more than this within ten windows: if that many fail, it is not for the customers.
    static final int MOST_SHUT = 5;

    private static final int BUDGET_WINDOWS = 10;

    /// Of keys that fail; who finds no place here is not counted.
    private static final int MOST_FAILING = 10_000;

    private record Failures(int inARow, long sinceNanos) {}

    private final QuarantineSettings settings;
    private final Predicate<Throwable> outside;
    private final BiConsumer<Key, String> shutOut;
    private final Consumer<Key> cleared;
    private final Budget budget;
    private final ConcurrentMap<Key, String> shut = new ConcurrentHashMap<>();
    private final ConcurrentMap<Key, Failures> failing = new ConcurrentHashMap<>();
    private final ConcurrentMap<Key, AtomicInteger> suspects = new ConcurrentHashMap<>();

    /// @param outside whether an exception comes from a database or a network, and so says nothing about a key; asked
    ///     for each of its causes
    /// @param shutOut hears of a key that was shut out here, and what it failed with: nothing of the customer's data.
    ///     Must not block
    /// @param cleared hears of a key that was in flight when an instance died and has served so many requests
    ///     since that it is cleared. Must not block
    public Quarantine(
            QuarantineSettings settings,
            Predicate<Throwable> outside,
            BiConsumer<Key, String> shutOut,
            Consumer<Key> cleared) {
        this.settings = settings;
        this.outside = outside;
        this.shutOut = shutOut;
        this.cleared = cleared;
        this.budget = new Budget(MOST_SHUT, settings.window().multipliedBy(BUDGET_WINDOWS));
    }

    /// What all instances know together: it replaces what this one knew.
    ///
    /// @param all that are shut out, and why, in a few words
    /// @param suspected were in flight when an instance died
    public void know(Map<Key, String> all, Iterable<Key> suspected) {
        shut.putAll(all);
        shut.keySet().retainAll(all.keySet());
        Map<Key, AtomicInteger> before = Map.copyOf(suspects);
        suspects.clear();
        for (Key key : suspected) suspects.put(key, before.getOrDefault(key, new AtomicInteger()));
    }

    boolean isShut(Key key) {
        return !shut.isEmpty() && shut.containsKey(key);
    }

    Quarantined refusal(Key key) {
        return new Quarantined(key + " is quarantined: " + shut.getOrDefault(key, "") + "; an operator can release it");
    }

    /// A request of the key did what it was meant to, or said no.
    void succeeded(Key key) {
        if (!failing.isEmpty()) failing.remove(key);
        if (suspects.isEmpty()) return;
        AtomicInteger clean = suspects.get(key);
        if (clean != null && clean.incrementAndGet() == CLEARED_BY) {
            suspects.remove(key);
            cleared.accept(key);
        }
    }

    /// A request or a load of the key failed so that its state had to be dropped.
    void failed(Key key, Throwable failure, long nowNanos) {
        if (!Blame.isOnTheKey(failure, outside)) return;
        if (failing.size() >= MOST_FAILING && !failing.containsKey(key)) return;
        Failures now = failing.merge(key, new Failures(1, nowNanos), (before, one) -> after(before, nowNanos));
        if (now.inARow < settings.failures()) return;
        failing.remove(key);
        if (budget.spend(nowNanos)) shutOut(key, Blame.describe(failure));
        else LOG.log(Level.WARNING, () -> key + " keeps failing, but so many do that it is hardly for the customers");
    }

    private void shutOut(Key key, String detail) {
        if (shut.putIfAbsent(key, "it kept failing") != null) return;
        LOG.log(Level.WARNING, () -> key + " kept failing, it is quarantined: " + detail);
        shutOut.accept(key, detail);
    }

    private Failures after(Failures before, long nowNanos) {
        boolean tooOld = nowNanos - before.sinceNanos > settings.window().toNanos();
        return tooOld ? new Failures(1, nowNanos) : new Failures(before.inARow + 1, before.sinceNanos);
    }

    /// Keys that are shut out, as far as this instance knows.
    public int shut() {
        return shut.size();
    }

    /// Keys that are under suspicion, as far as this instance knows.
    public int suspected() {
        return suspects.size();
    }

    void forgetOld(long nowNanos) {
        failing.values()
                .removeIf(failures ->
                        nowNanos - failures.sinceNanos > settings.window().toNanos());
    }
}

package plumb.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import plumb.Draining;
import plumb.Handler;
import plumb.LoadFailed;
import plumb.NotOwner;
import plumb.Overloaded;
import plumb.Quarantined;
import plumb.Refusal;
import plumb.dispatch.DispatchStats.Event;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.Tenure;

/// A range in one tenure, with its live handlers. A later tenure of the same range is another object: nothing loaded
/// under one epoch is ever found under another.
final class HeldRange {
    private final String domain;
    private final KeyRange keys;
    private final Tenure tenure;
    private final Handler.Factory<?> factory;
    private final Core core;
    private final ConcurrentMap<Key, HandlerLoop<?>> loops = new ConcurrentHashMap<>();
    /// Loops that may still run something: one that is over leaves the map before it is through.
    private final AtomicInteger alive = new AtomicInteger();

    private final Luggage luggage;
    private final LoadMeter meter;
    private final AtomicLongArray live; // sums of the domain's live gauges: gone with this object, whoever still counts
    private volatile @Nullable Long turnedNanos; // when the last turn ended
    private volatile @Nullable String haltedBecause;
    private volatile @Nullable Drained drained;

    /// A drain under way.
    ///
    /// @param live the keys that were in memory when it began
    private record Drained(List<String> live, CompletableFuture<HandedAlong> done) {}

    /// @param handed by the predecessor, when it is known
    HeldRange(
            String domain,
            KeyRange keys,
            Tenure tenure,
            Handler.Factory<?> factory,
            Core core,
            CompletableFuture<HandedAlong> handed) {
        this.domain = domain;
        this.keys = keys;
        this.tenure = tenure;
        this.factory = factory;
        this.core = core;
        this.luggage = new Luggage(handed);
        this.meter = new LoadMeter(tenure, core.nanoTime().getAsLong());
        this.live = new AtomicLongArray(factory.gauges().size());
    }

    /// What it costs.
    LoadMeter meter() {
        return meter;
    }

    /// For one handler, to count itself.
    <T> LiveShare<T> share() {
        return LiveShare.of(live);
    }

    /// @param which the gauge's place in the domain's
    LiveSum sum(int which) {
        long value = live.get(which);
        return new LiveSum(tenure.range(), tenure.epoch(), value, drained == null);
    }

    /// Null: nothing of that key is in memory.
    @Nullable
    HandlerLoop<?> live(Key key) {
        return loops.get(key);
    }

    /// What goes along with the keys of this range from owner to owner.
    Luggage luggage() {
        return luggage;
    }

    String domain() {
        return domain;
    }

    Tenure tenure() {
        return tenure;
    }

    KeyRange keys() {
        return keys;
    }

    /// Puts the envelope into the mailbox of its key's handler, which is started if there is none.
    void put(Key key, Envelope<?, ?> envelope) {
        while (true) {
            if (isEnding()) throw counted(refusal());
            if (core.quarantine().isShut(key)) throw counted(core.quarantine().refusal(key));
            HandlerLoop<?> loop = loops.get(key);
            if (loop == null) loop = start(key);
            if (loop == null) continue; // somebody else was faster, or the range is ending
            switch (loop.offer(envelope)) {
                case ACCEPTED -> {
                    core.stats().add(Event.ACCEPTED);
                    return;
                }
                case FULL -> {
                    core.stats().add(Event.FULL);
                    throw new Overloaded(Overloaded.Scope.KEY, "too many requests wait for " + key);
                }
                case CLOSED -> loops.remove(key, loop); // it ends; the next one loads anew
            }
        }
    }

    /// Whether no more requests are taken.
    boolean isEnding() {
        return haltedBecause != null || drained != null;
    }

    /// What a request is told that this range does not run any more.
    Refusal refusal() {
        String halted = haltedBecause;
        return halted != null
                ? new NotOwner("range " + this + " is not held any more: " + halted)
                : new Draining("range " + this + " is being handed over");
    }

    private Refusal counted(Refusal refusal) {
        core.stats()
                .add(
                        switch (refusal) {
                            case NotOwner notOwner -> Event.NOT_OWNER;
                            case Quarantined quarantined -> Event.QUARANTINED;
                            default -> Event.DRAINING;
                        });
        return refusal;
    }

    private @Nullable HandlerLoop<?> start(Key key) {
        Duration pause = core.failedLoads().left(key, core.nanoTime().getAsLong());
        if (pause.isPositive()) {
            core.stats().add(Event.BACKED_OFF);
            throw new LoadFailed("the last load of " + key + " failed", pause);
        }
        var loop = new HandlerLoop<>(key, this, factory, core);
        if (!core.residents().admit(loop)) {
            core.stats().add(Event.CROWDED);
            throw new Overloaded(Overloaded.Scope.INSTANCE, "too many handlers in memory, and all of them are busy");
        }
        core.stats().handlerBegan();
        alive.incrementAndGet();
        boolean started = false;
        try {
            // looked at after the loop is visible: whoever halts or drains meets it, or it meets them here
            if (loops.putIfAbsent(key, loop) != null || isEnding()) return null;
            loop.start();
            started = true;
            return loop;
        } finally {
            if (!started) loop.end(refusal()); // others may have found it and wait in it
        }
    }

    /// A turn of one of its keys has ended.
    void turned(long nowNanos) {
        turnedNanos = nowNanos;
    }

    Progress progress(long nowNanos, Duration oldestWork) {
        Long turned = turnedNanos;
        Duration since = turned == null ? null : Duration.ofNanos(Math.max(0, nowNanos - turned));
        return new Progress(tenure.range(), alive.get(), since, oldestWork);
    }

    /// No more turn begins, no more answer from memory leaves; who waits is refused. Does not block. Only the first
    /// cause counts.
    void halt(String cause) {
        if (haltedBecause != null) return;
        haltedBecause = cause;
        loops.values().forEach(HandlerLoop::halt);
    }

    boolean isHalted() {
        return haltedBecause != null;
    }

    /// What is queued is finished; what comes is refused. Does not block; draining again gives the same future.
    ///
    /// @return completes when nothing can run any more; cancelled if the range serves again before that
    synchronized CompletableFuture<HandedAlong> drain() {
        Drained known = drained;
        if (known != null) return known.done();
        List<String> live =
                loops.keySet().stream().limit(Luggage.MOST_LIVE).map(Key::text).toList();
        var begun = new Drained(live, new CompletableFuture<>());
        drained = begun;
        loops.values().forEach(HandlerLoop::drain);
        completeDrain();
        return begun.done();
    }

    /// Serves again.
    synchronized void undrain() {
        Drained begun = drained;
        drained = null;
        if (begun != null) begun.done().cancel(false);
    }

    /// A handler is over.
    void ended(Key key, HandlerLoop<?> loop) {
        loops.remove(key, loop);
        core.residents().gone(loop);
        core.stats().handlerEnded();
        alive.decrementAndGet();
        completeDrain();
    }

    /// The drain is read before the count: whatever began before it is counted, and whatever came later runs nothing.
    private void completeDrain() {
        Drained begun = drained;
        if (begun != null && alive.get() == 0)
            luggage.whole().thenAccept(states -> begun.done().complete(new HandedAlong(states, begun.live())));
    }

    @Override
    public String toString() {
        return domain + keys + " in epoch " + tenure.epoch();
    }
}

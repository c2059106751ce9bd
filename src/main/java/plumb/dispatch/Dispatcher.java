package plumb.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.Handler;
import plumb.NotOwner;
import plumb.Refusal;
import plumb.commit.Committer;
import plumb.dispatch.DispatchStats.Event;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// Finds the handler of a key, and knows which ranges are held here and in which tenure. Thread-safe; nothing here
/// blocks.
public final class Dispatcher {
    /// For idle handlers, in the time after which they are passivated.
    private static final int IDLE_LOOKS = 8;

    private final Core core;
    private final Apart apart;
    private final AtomicInteger probes = new AtomicInteger();
    private final Map<String, Handler.Factory<?>> factories = new ConcurrentHashMap<>();
    private final Object changing = new Object();
    private final Map<RangeId, HeldRange> held = new ConcurrentHashMap<>(); // changed under `changing`
    private volatile long lookedForIdle;
    /// Per domain, by lowest slot. Changed under `changing`; a look-up needs no lock.
    private final Map<String, ConcurrentSkipListMap<Long, HeldRange>> bySlot = new ConcurrentHashMap<>();

    /// @param trusted whether answers from memory may leave now
    /// @param nanoTime the monotonic clock
    /// @param keyThreads makes the thread of each handler
    /// @param replies where answers leave; must not run them on the calling thread
    public Dispatcher(
            DispatchSettings settings,
            Committer committer,
            BooleanSupplier trusted,
            LongSupplier nanoTime,
            ThreadFactory keyThreads,
            Executor replies) {
        this(
                settings,
                committer,
                trusted,
                nanoTime,
                keyThreads,
                replies,
                nobodyIsShutOut(),
                Marks.inVain(),
                Clockwork.standingStill(nanoTime));
    }

    static Quarantine nobodyIsShutOut() {
        return new Quarantine(
                new QuarantineSettings(Integer.MAX_VALUE, Duration.ofDays(1)),
                each -> true,
                (key, detail) -> {},
                key -> {});
    }

    /// @param quarantine knows which keys are shut out
    /// @param marks say which keys' code runs
    /// @param clockwork lets handlers act by themselves
    public Dispatcher(
            DispatchSettings settings,
            Committer committer,
            BooleanSupplier trusted,
            LongSupplier nanoTime,
            ThreadFactory keyThreads,
            Executor replies,
            Quarantine quarantine,
            Marks marks,
            Clockwork clockwork) {
        var stats = new DispatchStats();
        this.core = new Core(
                settings,
                committer,
                trusted,
                nanoTime,
                keyThreads,
                new Replies(replies, stats),
                new Residents(settings.maxHandlers()),
                new FailedLoads(),
                quarantine,
                marks,
                clockwork,
                stats);
        this.apart = new Apart(core, replies);
        this.lookedForIdle = nanoTime.getAsLong(); // a monotonic clock may begin anywhere, also below zero
    }

    /// Before anything is granted: who makes the handlers of a domain.
    public void register(String domain, Handler.Factory<?> factory) {
        factories.put(domain, factory);
    }

    /// Serves these keys from now on, under this tenure. What lived under an earlier one is halted. The same tenure
    /// again changes nothing: a second memory under one tenure could miss what the first one is still committing.
    public void granted(String domain, KeyRange keys, Tenure tenure) {
        granted(domain, keys, tenure, CompletableFuture.completedFuture(HandedAlong.NOTHING));
    }

    /// The same after a planned move.
    ///
    /// @param handed what the predecessor hands along, when it is known; loads wait for it
    public void granted(String domain, KeyRange keys, Tenure tenure, CompletableFuture<HandedAlong> handed) {
        Handler.Factory<?> factory = factories.get(domain);
        if (factory == null) return; // somebody else's domain in the same tables
        synchronized (changing) {
            HeldRange before = held.get(tenure.range());
            if (before != null && before.tenure().equals(tenure)) return;
            var range = new HeldRange(domain, keys, tenure, factory, core, handed);
            held.put(tenure.range(), range);
            if (before != null) before.halt("held in a later epoch");
            if (before != null && before.keys().lo() != keys.lo()) hide(before);
            bySlot.computeIfAbsent(domain, each -> new ConcurrentSkipListMap<>())
                    .put(keys.lo(), range);
        }
    }

    /// The lease is lost: drops the memory of these keys, touches no database, refuses who waits.
    public void halt(RangeId range, String cause) {
        synchronized (changing) {
            HeldRange lost = held.remove(range);
            if (lost == null) return;
            lost.halt(cause);
            hide(lost);
        }
    }

    /// A planned move: finishes what is queued and refuses what comes with [plumb.Draining].
    ///
    /// @return completes when nothing of this range can run any more, with what goes along to its successor; cancelled
    ///     if it serves again before that
    public CompletableFuture<HandedAlong> drain(RangeId range) {
        HeldRange leaving = held.get(range);
        return leaving == null ? CompletableFuture.completedFuture(HandedAlong.NOTHING) : leaving.drain();
    }

    /// What is in memory of a key: loads nothing, and waits its turn behind what is urgent, too.
    ///
    /// @return completes exceptionally as a call does
    public CompletableFuture<Glance> glance(Key key, Deadline deadline) {
        HeldRange range = find(key);
        if (range == null) return CompletableFuture.failedFuture(new NotOwner(key + " is not owned here"));
        HandlerLoop<?> loop = range.live(key);
        if (loop == null) return CompletableFuture.completedFuture(Glance.NOTHING);
        int waiting = loop.waiting();
        return call(
                key,
                Rank.URGENT,
                deadline,
                state -> Turn.current().loop().live().glance(waiting));
    }

    /// Loads the state of a key that nobody asks for yet. The stage completes when that is done or has failed.
    public CompletableFuture<?> warm(Key key, Deadline deadline) {
        return call(key, deadline, state -> key).handle((loaded, failure) -> key);
    }

    /// Until [#endRehearsal], calls for this one key run here although its range is not held: on a state that is loaded
    /// under a tenure that nobody has, so nothing that they write is ever committed. Where it is held, nothing changes.
    public void rehearse(Key key) {
        Handler.Factory<?> factory = factories.get(key.domain());
        if (factory != null) apart.rehearse(key, factory);
    }

    /// The stage completes when nothing of the rehearsal can run any more.
    public CompletableFuture<?> endRehearsal(Key key) {
        return apart.endRehearsal(key);
    }

    /// See [Probe]. Asks the fences of the ranges that are held, one after the other; that of nobody's range, and is
    /// refused, while none is.
    ///
    /// @return completes when it is back, exceptionally if it did not get through
    CompletableFuture<?> probe(Deadline deadline) {
        List<HeldRange> all = List.copyOf(held.values());
        HeldRange asked = all.isEmpty() ? null : all.get(Math.floorMod(probes.getAndIncrement(), all.size()));
        return apart.probe(asked == null ? null : asked.tenure(), deadline).exceptionally(failure -> {
            if (failure instanceof NotOwner && !isServing(asked)) return Apart.PROBE; // the fence was right
            throw new CompletionException(failure);
        });
    }

    private boolean isServing(@Nullable HeldRange range) {
        return range != null && !range.isEnding() && held.get(range.tenure().range()) == range;
    }

    /// Of each range that is held, in order of ids.
    public List<Progress> progress() {
        long now = core.nanoTime().getAsLong();
        Map<HeldRange, Duration> oldest = core.stats().longestWorkByRange(now);
        return held.values().stream()
                .map(range -> range.progress(now, oldest.getOrDefault(range, Duration.ZERO)))
                .sorted(Comparator.comparing(Progress::range))
                .toList();
    }

    /// The planned move did not happen: serves again, with what was kept.
    public void undrain(RangeId range) {
        HeldRange staying = held.get(range);
        if (staying != null) staying.undrain();
    }

    /// Puts one request into the mailbox of its key. The stage completes on a thread of `replies`, after the commit of
    /// what the request wrote, exceptionally with what it threw or a [Refusal] or [plumb.OutcomeUnknown].
    ///
    /// From within a turn of that very key it runs at once, as a part of the running request, and the stage is complete
    /// when this returns. A turn that waits for the stage of another key's call waits until the deadline at most, and
    /// is told [plumb.CallCycle] if the other one waits for it.
    ///
    /// @param function takes the state of the key's domain; runs on the key's thread
    public <T, R> CompletableFuture<R> call(Key key, Deadline deadline, Function<? super T, ? extends R> function) {
        return call(key, Rank.USUAL, deadline, function);
    }

    /// The same, of some rank.
    public <T, R> CompletableFuture<R> call(
            Key key, Rank rank, Deadline deadline, Function<? super T, ? extends R> function) {
        if (Turn.isCalling(key)) return Turn.current().inline(function);
        HeldRange range = find(key);
        if (range == null) range = apart.stage(key);
        if (range == null) {
            core.stats().add(Event.NOT_OWNER);
            return CompletableFuture.failedFuture(new NotOwner(key + " is not owned here"));
        }
        try {
            var envelope = new Envelope<T, R>(rank, deadline, function);
            range.put(key, envelope);
            return envelope.reply();
        } catch (Refusal e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /// An alarm of that key may be due that its owner does not know of, because the key is not in memory: looks, and
    /// lets it fire.
    ///
    /// @param by the time until which alarms are due
    /// @return completes when it is done, exceptionally if it was not possible or has failed
    public CompletableFuture<?> ring(Key key, Instant by, Deadline deadline) {
        HeldRange range = find(key);
        if (range == null) return CompletableFuture.failedFuture(new NotOwner(key + " is not owned here"));
        Envelope<Object, Object> envelope = new Ringing<>(core).envelope(by, deadline);
        try {
            range.put(key, envelope);
        } catch (Refusal e) {
            return CompletableFuture.failedFuture(e);
        }
        return envelope.reply();
    }

    /// The domains that have alarms.
    public Set<String> withAlarms() {
        return factories.entrySet().stream()
                .filter(each -> !each.getValue().alarms().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// What each range that is held here costs, as far as it is known. To be called every few seconds by one thread.
    public List<RangeLoad> loads() {
        long now = core.nanoTime().getAsLong();
        return held.values().stream()
                .filter(range -> !range.isHalted())
                .flatMap(range -> range.meter().look(now).stream())
                .toList();
    }

    /// The names of all live gauges, each with the domain that has it.
    public Map<String, String> gauges() {
        var names = new HashMap<String, String>();
        factories.forEach((domain, factory) -> factory.gauges().forEach(name -> names.put(name, domain)));
        return names;
    }

    /// A live gauge over the ranges that are held here. Reads one figure per range.
    ///
    /// @return empty also if this instance is not sure any more that it holds them, or there is no such gauge
    public List<LiveSum> live(String gauge) {
        String domain = gauges().get(gauge);
        Handler.Factory<?> factory = domain == null ? null : factories.get(domain);
        if (factory == null) return List.of();
        int which = factory.gauges().indexOf(gauge);
        List<LiveSum> sums = held.values().stream()
                .filter(range -> range.domain().equals(domain) && !range.isHalted())
                .map(range -> range.sum(which))
                .toList();
        return core.trusted().getAsBoolean() ? sums : List.of(); // asked after the reading, as for every memory read
    }

    /// To be called again and again, some times a second: answers those whose deadline passes while they wait behind a
    /// long load or turn, and now and then passivates who has been idle for long. Costs no request anything.
    public void sweep() {
        core.stats().working(HandlerLoop::expire);
        core.residents().trim();
        long now = core.nanoTime().getAsLong();
        if (now - lookedForIdle < core.settings().idle().toNanos() / IDLE_LOOKS) return;
        lookedForIdle = now;
        core.failedLoads().forgetOld(now);
        core.quarantine().forgetOld(now);
        core.residents().passivateIdle(now - core.settings().idle().toNanos());
    }

    /// Memory is short: passivates that part of the handlers, the least recently used ones of those that are idle.
    ///
    /// @return how many were asked to leave
    public int shed(double part) {
        return core.residents().shed(part);
    }

    Residents residents() {
        return core.residents();
    }

    private @Nullable HeldRange find(Key key) {
        ConcurrentSkipListMap<Long, HeldRange> ranges = bySlot.get(key.domain());
        if (ranges == null) return null;
        var slot = key.slot();
        Map.Entry<Long, HeldRange> floor = ranges.floorEntry(slot.value());
        return floor != null && floor.getValue().keys().contains(slot) ? floor.getValue() : null;
    }

    /// Another range may begin there already.
    private void hide(HeldRange range) {
        ConcurrentSkipListMap<Long, HeldRange> ranges = bySlot.get(range.domain());
        if (ranges != null) ranges.remove(range.keys().lo(), range);
    }

    public DispatchStats stats() {
        return core.stats();
    }
}

package plumb.dispatch;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.Handler;
import plumb.Statement;
import plumb.commit.Unit;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// What runs as requests do and is no customer's: rehearsals and probes. Counted apart; whatever it writes goes no
/// further, only the fence is asked; nothing in it happens by itself.
final class Apart {
    static final Key PROBE = new Key("plumb-probe", "0");

    /// Held by nobody, ever: its range does not exist, so the fence refuses it.
    private static final Tenure NOBODYS = new Tenure(new RangeId(0), new Epoch(0), new Incarnation(new UUID(0, 0)));

    private record Nothing() {}

    private static final Statement<Nothing> NOTHING = Statement.of(Nothing.class, "");

    private final Core core;
    private final Map<Key, HeldRange> stages = new ConcurrentHashMap<>();

    /// @param of customers
    Apart(Core of, Executor replies) {
        var stats = new DispatchStats();
        this.core = new Core(
                of.settings(),
                unit -> of.committer().submit(Unit.probe(unit.tenure())),
                of.trusted(),
                of.nanoTime(),
                of.keyThreads(),
                new Replies(replies, stats),
                new Residents(of.settings().maxHandlers()),
                new FailedLoads(),
                Dispatcher.nobodyIsShutOut(),
                Marks.inVain(),
                of.clockwork().with(new Agenda(of.nanoTime())), // which nobody serves
                stats);
    }

    void rehearse(Key key, Handler.Factory<?> factory) {
        stages.put(key, stage(key.domain(), NOBODYS, factory));
    }

    /// Where that key is rehearsed; null: it is not.
    @Nullable
    HeldRange stage(Key key) {
        return stages.get(key);
    }

    /// The stage completes when nothing of the rehearsal can run any more.
    CompletableFuture<?> endRehearsal(Key key) {
        HeldRange stage = stages.remove(key);
        return stage == null ? CompletableFuture.completedFuture(key) : stage.drain();
    }

    /// Goes the way of a request, up to the fence.
    ///
    /// @param tenure whose fence is asked; null: nobody's, which is refused
    CompletableFuture<Object> probe(@Nullable Tenure tenure, Deadline deadline) {
        HeldRange way = stage(PROBE.domain(), tenure == null ? NOBODYS : tenure, (key, writes) -> Object::new);
        var envelope = new Envelope<Object, Object>(
                Rank.USUAL, deadline, state -> Turn.writes().add(NOTHING, new Nothing()));
        way.put(PROBE, envelope);
        way.drain();
        return envelope.reply();
    }

    private HeldRange stage(String domain, Tenure tenure, Handler.Factory<?> factory) {
        var nothing = CompletableFuture.completedFuture(HandedAlong.NOTHING);
        return new HeldRange(domain, KeyRange.ALL, tenure, factory, core, nothing);
    }
}

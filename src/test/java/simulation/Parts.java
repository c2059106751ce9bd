package simulation;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import plumb.commit.CommitLane;
import plumb.commit.CommitResult.Outcome;
import plumb.commit.Doubt;
import plumb.commit.LaneSettings;
import plumb.dispatch.DispatchSettings;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Probe;
import plumb.http.Gates;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.ownership.Confirmation;
import plumb.ownership.Heartbeat;
import plumb.ownership.InstanceInfo;
import plumb.ownership.KeeperSettings;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTable;
import plumb.ownership.Ownership;
import plumb.ownership.PeerProbe;
import plumb.ownership.Trust;
import plumb.routing.Routes;
import plumb.routing.RoutingTableRefresher;
import plumb.runtime.Joints;

/// The real parts of one instance, wired as `runtime` wires them, but for the [Seams].
final class Parts {
    static final KeeperSettings TIMES = new KeeperSettings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            Duration.ofMillis(1_200),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            new Ownership.Leased(true));
    /// Of requests, and for how long a doubt is looked into.
    static final Duration DEADLINE = Duration.ofSeconds(6);

    private static final LaneSettings LANE = new LaneSettings(8, 100, 3, Duration.ZERO);
    private static final int MAILBOX = 4;
    private static final int TURN = 3;
    private static final Duration TURN_TIME = Duration.ofSeconds(1);
    private static final int MANY_HANDLERS = 100;
    private static final int FEW_HANDLERS = 2;
    private static final Duration PROBED = Duration.ofSeconds(10);

    final Routes routes = new Routes();
    final Gates gates = new Gates();
    final Trust trust;
    final CommitLane lane;
    final Dispatcher dispatcher;
    final RoutingTableRefresher routing;
    final Watched ownership;
    final LeaseKeeper keeper;
    final Confirmation confirmation;
    /// Goes the way of a request now and then.
    final Probe probe;
    private final Joints.Settling doubts;
    private final Doubt doubt;
    private final PeerProbe neighbours;
    private final Host host;

    Parts(World world, Instance instance, Host host) {
        Seams seams = world.seams;
        this.host = host;
        neighbours = new Neighbours(world, instance);
        LeaseTable table = instance.link.port(LeaseTable.class, world.database.leases);
        trust = new Trust(instance::nanoTime);
        lane = new CommitLane(
                seams.store(instance.store), this::settle, LANE, host.threads(), host, instance::nanoTime);
        dispatcher = new Dispatcher(
                new DispatchSettings(MAILBOX, TURN, TURN_TIME, idle(world), handlers(world)),
                seams.committer(lane, instance),
                () -> {
                    instance.hiccup();
                    return seams.trusted(trust.holds());
                },
                instance::nanoTime,
                host.threads(),
                host);
        dispatcher.register(Request.DOMAIN, seams.books(new Books(world, instance)));
        probe = new Probe(dispatcher, PROBED, DEADLINE, instance::nanoTime);
        routing = new RoutingTableRefresher(
                seams.routing(table), routes, () -> keeper().incarnation(), instance::nanoTime, host.threads());
        ownership = new Watched(
                Joints.ties(
                        dispatcher,
                        gates,
                        routing,
                        seams.arrivals(table),
                        host::start,
                        instance::nanoTime,
                        world.scheduler::sleep),
                instance::ownershipChanged);
        keeper = new LeaseKeeper(
                new InstanceInfo(instance.name, "http://" + instance.name, "http://" + instance.name, "1"),
                TIMES,
                table,
                instance.link.port(Heartbeat.class, instance.session),
                trust,
                seams.ties(ownership),
                routing::refreshAtLeast,
                this::answers,
                instance::nanoTime);
        doubts = Joints.doubts(
                keeper,
                (xid, owner) -> instance.status(xid),
                DEADLINE,
                host::start,
                instance::nanoTime,
                world.scheduler::sleep);
        doubt = seams.doubt(doubts, instance);
        confirmation = new Confirmation(table, neighbours, trust, keeper::incarnation, keeper::living, instance::wake);
    }

    /// Some passivate every handler that has nothing to do, some none.
    private static Duration idle(World world) {
        return world.luck.nextInt(3) == 0 ? Duration.ofNanos(1) : Duration.ofDays(1);
    }

    /// Some have so little room that a handler has to go before another one comes.
    private static int handlers(World world) {
        return world.luck.nextInt(3) == 0 ? FEW_HANDLERS : MANY_HANDLERS;
    }

    private LeaseKeeper keeper() {
        return keeper;
    }

    private CompletionStage<Boolean> answers(Incarnation peer) {
        return CompletableFuture.supplyAsync(
                () -> keeper.living().stream()
                        .anyMatch(row -> row.incarnation().equals(peer) && neighbours.answersAs(row)),
                host::start);
    }

    private Outcome settle(Set<Tenure> tenures, @Nullable String xid) {
        return doubt.settle(tenures, xid);
    }

    void start() {
        lane.start();
        routing.start();
        keeper.open();
    }

    /// As an instance that goes does. Blocks.
    void stop() {
        keeper.stop();
        doubts.stop();
        lane.close();
        routing.close();
    }
}

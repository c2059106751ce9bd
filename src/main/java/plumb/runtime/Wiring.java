package plumb.runtime;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.admin.DrainOrders;
import plumb.balance.Planner;
import plumb.commit.CommitLane;
import plumb.commit.CommitResult.Outcome;
import plumb.commit.LaneSettings;
import plumb.dispatch.Agenda;
import plumb.dispatch.AnswerDeadline;
import plumb.dispatch.Clockwork;
import plumb.dispatch.ContainerTasks;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Probe;
import plumb.dispatch.Turn;
import plumb.http.Forwarder;
import plumb.http.Gates;
import plumb.http.GaugeTotals;
import plumb.http.HopSigner;
import plumb.http.HttpSettings;
import plumb.http.HttpStats;
import plumb.http.Json;
import plumb.http.PeerCalls;
import plumb.http.RequestDeadline;
import plumb.http.SelfHop;
import plumb.http.Steering;
import plumb.http.Uploads;
import plumb.http.Watchers;
import plumb.keyspace.Domains;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.ownership.Confirmation;
import plumb.ownership.InstanceInfo;
import plumb.ownership.KeeperSettings;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.Trust;
import plumb.postgres.DrainWishes;
import plumb.postgres.PostgresNotifications;
import plumb.postgres.QuarantineTable;
import plumb.routing.Routes;
import plumb.routing.RoutingTableRefresher;

/// The parts of one instance, made once and tied together. Plain Java: [Plumbing] gives them to CDI, [Lifecycle] starts
/// and stops them.
final class Wiring implements AutoCloseable {
    final Settings settings;
    final Tables tables;
    final Domains domains;
    final LongSupplier nanoTime = System::nanoTime;
    final Trust trust = new Trust(nanoTime);
    final Routes routes = new Routes();
    final Gates gates = new Gates();
    final HttpStats httpStats = new HttpStats();
    final HttpSettings httpSettings;
    final KeeperSettings keeperSettings;
    final HopSigner signer;
    final Uploads uploads;
    final Forwarder forwarder;
    final Steering steering;
    final Watchers watchers;
    final LeaseKeeper keeper;
    final RoutingTableRefresher routing;
    final CommitLane lane;
    final Dispatcher dispatcher;
    final GaugeTotals gauges;
    final PeerCalls peers;
    final Confirmation confirmation;
    final Doubts doubts;
    final DrainOrders drainOrders;
    final ContainerTasks container;
    final Probe through;
    final Quarantines quarantines;
    final MarkFile markFile;
    final PostgresNotifications notifications;
    final Chores chores;
    final Balancing balancing;
    final AlarmWatch alarms;
    final Sweeper sweeper;
    final AgendaThread agendaThread;
    final InstanceInfo info;
    final DressRehearsal rehearsal;

    private final ExecutorService containerThreads;
    private final ExecutorService replies;
    private final ExecutorService aside;
    private final HttpPeerProbe probe;

    /// @param container the server's threads, for what needs it; ended with the rest
    /// @param pool the server's connections
    Wiring(
            Settings settings,
            Domains domains,
            String version,
            Threads threads,
            ExecutorService container,
            DataSource pool) {
        this.settings = settings;
        this.domains = domains;
        this.containerThreads = container;
        this.container = new ContainerTasks(container, settings.containerTasks());
        replies = threads.perTask("plumb-reply-");
        aside = threads.perTask("plumb-aside-");
        tables = new Tables(settings, pool);

        lane = new CommitLane(
                tables.fenced,
                this::settle,
                LaneSettings.ofBatch(settings.commitBatch()),
                threads.platform("plumb-lane"),
                replies,
                nanoTime);
        quarantines = new Quarantines(tables.quarantine, settings.quarantine(), settings.instanceName(), aside);
        markFile = MarkFile.open(settings.directory(), settings.instanceUrl());
        var agenda = new Agenda(nanoTime);
        agendaThread = new AgendaThread(agenda, threads);
        dispatcher = new Dispatcher(
                settings.handlers(),
                lane,
                trust::holds,
                nanoTime,
                threads.virtual("plumb-key-"),
                replies,
                quarantines.quarantine(),
                markFile.marks(),
                new Clockwork(agenda, new AlarmsInTable(tables.alarms, this.container), InstantSource.system()));

        probe = new HttpPeerProbe(settings.connect());
        keeperSettings = keeperSettings(settings);
        routing = new RoutingTableRefresher(
                tables.leases, routes, () -> keeper().incarnation(), nanoTime, threads.platform("plumb-routing"));
        var arrivals = new Arrivals(tables.leases, dispatcher, aside, nanoTime, LockSupport::parkNanos);
        info = new InstanceInfo(settings.instanceName(), settings.instanceUrl(), settings.publicUrl(), version);
        keeper = new LeaseKeeper(
                info,
                keeperSettings,
                tables.leases,
                tables.heartbeat,
                trust,
                new Ties(dispatcher, gates, routing, arrivals, aside),
                routing::refreshAtLeast,
                this::answers,
                nanoTime);
        routes.onChange(table -> keeper.signal());
        drainOrders = new DrainOrders(tables.drainWishes, keeper, settings.instanceName(), aside);
        notifications = new PostgresNotifications(
                tables.connections,
                routing::refreshAtLeast,
                Map.of(
                        QuarantineTable.CHANNEL, quarantines::changed,
                        DrainWishes.CHANNEL, drainOrders::changed));
        alarms =
                new AlarmWatch(tables.alarms, dispatcher, keeper::incarnation, settings.alarmLook(), nanoTime, threads);
        doubts = new Doubts(
                keeper, tables.transactions::of, settings.deadline(), aside, nanoTime, LockSupport::parkNanos);

        confirmation =
                new Confirmation(tables.leases, probe, trust, keeper::incarnation, keeper::living, keeper::signal);
        sweeper = new Sweeper(dispatcher, new HeapPressure(HeapPressure.pools(), settings.heap()), threads);
        chores = new Chores(tables.locks, tables.audit, tables::forget, settings.auditEvery(), threads);
        balancing = new Balancing(
                settings.instanceName(),
                tables.locks,
                tables.leases,
                keeper::incarnation,
                keeper::living,
                dispatcher::loads,
                tables.loads,
                tables.balanceRounds,
                new Planner(settings.balance().planner(), settings.initialRanges()),
                settings.balance(),
                threads);
        httpSettings = settings.http();
        uploads = new Uploads(httpSettings, nanoTime);
        signer = new HopSigner(httpSettings, new SteadyClock(InstantSource.system(), nanoTime));
        forwarder = new Forwarder(httpSettings, signer, routes, httpStats, nanoTime, peer -> {
            if (settings.confirmsDeaths()) confirmation.suspect(peer.incarnation());
        });
        var selfHop = new SelfHop(forwarder, gates);
        steering =
                new Steering(httpSettings, routes, routing::refreshNow, gates, forwarder, selfHop, httpStats, nanoTime);
        through = new Probe(
                dispatcher, settings.ttl().dividedBy(2), settings.ttl().dividedBy(2), nanoTime);
        rehearsal = new DressRehearsal(domains, dispatcher, selfHop, through, this.container, nanoTime);
        peers = new PeerCalls(httpSettings, domains, steering, Json.binding(), this::currentDeadline, aside, nanoTime);
        gauges = new GaugeTotals(
                new GaugesHere(dispatcher, arrivals), routes, routing::refreshNow, forwarder, aside, nanoTime);
        watchers = new Watchers(routes, httpSettings.maxWatchers(), replies);
    }

    private static KeeperSettings keeperSettings(Settings settings) {
        return new KeeperSettings(
                settings.ttl(),
                settings.renew(),
                settings.margin(),
                settings.statementTimeout(),
                settings.drainTimeout(),
                settings.ownership());
    }

    /// The lane is made before the keeper that settles its doubts, and runs after both are there.
    private Outcome settle(Set<Tenure> tenures, @Nullable String xid) {
        return doubts.settle(tenures, xid);
    }

    private CompletionStage<Boolean> answers(Incarnation peer) {
        return CompletableFuture.supplyAsync(
                () -> keeper.living().stream().anyMatch(row -> row.incarnation().equals(peer) && probe.answersAs(row)),
                aside);
    }

    private LeaseKeeper keeper() {
        return keeper;
    }

    /// The deadline of the request that the calling thread works on: in a turn, at the edge, or where its answer is
    /// given; else the usual one from now.
    Deadline currentDeadline() {
        Deadline ofTurn = Turn.isBound() ? Turn.current().deadline() : null;
        if (ofTurn != null) return ofTurn;
        return RequestDeadline.current()
                .or(AnswerDeadline::current)
                .orElseGet(() -> Deadline.in(settings.deadline(), nanoTime.getAsLong()));
    }

    /// Ends what still runs; the keeper has been stopped before.
    @Override
    public void close() {
        watchers.close();
        doubts.stop();
        chores.close();
        balancing.close();
        alarms.close();
        agendaThread.close();
        sweeper.close();
        quarantines.close();
        markFile.close();
        confirmation.close();
        probe.close();
        lane.close();
        notifications.close();
        routing.close();
        forwarder.close();
        tables.close();
        aside.close();
        replies.close();
        containerThreads.shutdown();
    }
}

package plumb.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.NotOwner;
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
import plumb.dispatch.Marks;
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
import plumb.keyspace.Slot;
import plumb.keyspace.Tenure;
import plumb.ownership.Confirmation;
import plumb.ownership.InstanceInfo;
import plumb.ownership.InstanceRow;
import plumb.ownership.KeeperSettings;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTableException;
import plumb.ownership.Ownership;
import plumb.ownership.Trust;
import plumb.postgres.AlarmRows;
import plumb.postgres.BalanceRounds;
import plumb.postgres.ChoreLocks;
import plumb.postgres.Connections;
import plumb.postgres.DrainWishes;
import plumb.postgres.LeaseHistory;
import plumb.postgres.Migrations;
import plumb.postgres.People;
import plumb.postgres.PostgresAudit;
import plumb.postgres.PostgresFencedStore;
import plumb.postgres.PostgresHeartbeat;
import plumb.postgres.PostgresLeaseTable;
import plumb.postgres.PostgresNotifications;
import plumb.postgres.PostgresSettings;
import plumb.postgres.QuarantineTable;
import plumb.postgres.RangeLoads;
import plumb.postgres.RequestRows;
import plumb.postgres.TimeLeft;
import plumb.postgres.TransactionStatus;
import plumb.routing.Route;
import plumb.routing.Routes;
import plumb.routing.RoutingTable;
import plumb.routing.RoutingTableRefresher;

/// One running instance: every part, made once and tied together. Plain Java; [Plumbing] gives it to CDI.
final class Wiring {
    private static final Logger LOG = System.getLogger(Wiring.class.getName());

    /// A lane's statement may wait longer than a renewal's; a frozen client's fence may not stop takeovers for longer
    /// than this.
    private static final Duration LANE_STATEMENT = Duration.ofSeconds(3);

    private static final int CREATE_TRIES = 5;
    private static final int FRESH_KEY_TRIES = 2_000;
    private static final int PROBE_LOOKS = 10; // per TTL: who got through to nothing should be seen to do so again soon

    final Settings settings;
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
    final PostgresLeaseTable leases;
    final TimeLeft timeLeft;
    final LeaseKeeper keeper;
    final RoutingTableRefresher routing;
    final CommitLane lane;
    final Dispatcher dispatcher;
    final GaugeTotals gauges;
    final PeerCalls peers;
    final Confirmation confirmation;
    final Doubts doubts;
    final PostgresAudit audit;
    final LeaseHistory history;
    final BalanceRounds balanceRounds;
    final RangeLoads loads;
    final People people;
    final DrainWishes drainWishes;
    final DrainOrders drainOrders;
    final ContainerTasks container;
    private final ExecutorService containerThreads;
    final Probe through;

    final QuarantineTable quarantine;
    final Quarantines quarantines;

    private final MarkFile markFile;
    private final Connections connections;
    private final RequestRows requests;
    private final ClassLoader classLoader;
    private final PostgresNotifications notifications;
    private final ExecutorService replies;
    private final ExecutorService aside;
    private final Chores chores;
    final Balancing balancing;
    final AlarmWatch alarms;
    private final Sweeper sweeper;
    private final AgendaThread agendaThread;
    private final SelfCall selfCall;
    private final HttpPeerProbe probe;
    private final InstanceInfo info;
    private final DressRehearsal rehearsal;
    private final ThreadFactory starting;
    private final ScheduledExecutorService probing;
    private final Thread leaveAtOnce = new Thread(this::leaveInTime, "plumb-leave");

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
        this.classLoader = threads.application();
        this.containerThreads = container;
        this.container = new ContainerTasks(container, settings.containerTasks());
        replies = threads.perTask("plumb-reply-");
        aside = threads.perTask("plumb-aside-");
        connections = new Connections(PostgresSettings.of(
                        settings.jdbc().url(),
                        settings.jdbc().user(),
                        settings.jdbc().password())
                .withStatementTimeout(settings.statementTimeout()));

        lane = new CommitLane(
                new PostgresFencedStore(connections(LANE_STATEMENT)),
                this::settle,
                LaneSettings.ofBatch(settings.commitBatch()),
                threads.platform("plumb-lane"),
                replies,
                nanoTime);
        quarantine = new QuarantineTable(connections);
        quarantines = new Quarantines(quarantine, settings.quarantine(), settings.instanceName(), aside);
        markFile = MarkFile.open(settings.directory(), settings.instanceUrl());
        var agenda = new Agenda(nanoTime);
        var alarmRows = new AlarmRows(pool);
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
                new Clockwork(agenda, new AlarmsInTable(alarmRows, this.container), InstantSource.system()));

        probe = new HttpPeerProbe(settings.connect());
        keeperSettings = keeperSettings(settings);
        leases = new PostgresLeaseTable(connections);
        timeLeft = new TimeLeft(connections);
        routing = new RoutingTableRefresher(
                leases, routes, () -> keeper().incarnation(), nanoTime, threads.platform("plumb-routing"));
        var arrivals = new Arrivals(leases, dispatcher, aside, nanoTime, LockSupport::parkNanos);
        info = new InstanceInfo(settings.instanceName(), settings.instanceUrl(), settings.publicUrl(), version);
        keeper = new LeaseKeeper(
                info,
                keeperSettings,
                leases,
                new PostgresHeartbeat(connections, settings.ttl()),
                trust,
                new Ties(dispatcher, gates, routing, arrivals, aside),
                routing::refreshAtLeast,
                this::answers,
                nanoTime);
        routes.onChange(table -> keeper.signal());
        people = new People(connections);
        drainWishes = new DrainWishes(connections);
        drainOrders = new DrainOrders(drainWishes, keeper, settings.instanceName(), aside);
        notifications = new PostgresNotifications(
                connections,
                routing::refreshAtLeast,
                Map.of(
                        QuarantineTable.CHANNEL, quarantines::changed,
                        DrainWishes.CHANNEL, drainOrders::changed));
        alarms = new AlarmWatch(alarmRows, dispatcher, keeper::incarnation, settings.alarmLook(), nanoTime, threads);
        doubts = new Doubts(
                keeper,
                new TransactionStatus(connections)::of,
                settings.deadline(),
                aside,
                nanoTime,
                LockSupport::parkNanos);

        confirmation = new Confirmation(leases, probe, trust, keeper::incarnation, keeper::living, keeper::signal);
        audit = new PostgresAudit(connections, settings.instanceName());
        history = new LeaseHistory(connections);
        balanceRounds = new BalanceRounds(connections);
        loads = new RangeLoads(connections);
        requests = new RequestRows(connections.dataSource());
        sweeper = new Sweeper(dispatcher, new HeapPressure(HeapPressure.pools(), settings.heap()), threads);
        var locks = new DefaultLockingTaskExecutor(new ChoreLocks(connections, settings.instanceName()));
        chores = new Chores(locks, audit, this::forget, settings.auditEvery(), threads);
        balancing = new Balancing(
                settings.instanceName(),
                locks,
                leases,
                keeper::incarnation,
                keeper::living,
                dispatcher::loads,
                loads,
                balanceRounds,
                new Planner(settings.balance().planner(), settings.initialRanges()),
                settings.balance(),
                threads);
        selfCall = new SelfCall(settings.instanceUrl(), settings.instanceName());
        httpSettings = settings.http();
        uploads = new Uploads(httpSettings, nanoTime);
        signer = new HopSigner(httpSettings, new SteadyClock(InstantSource.system(), nanoTime));
        forwarder = new Forwarder(httpSettings, signer, routes, httpStats, nanoTime, peer -> {
            if (confirmsDeaths()) confirmation.suspect(peer.incarnation());
        });
        var selfHop = new SelfHop(forwarder, gates);
        steering =
                new Steering(httpSettings, routes, routing::refreshNow, gates, forwarder, selfHop, httpStats, nanoTime);
        through = new Probe(
                dispatcher, settings.ttl().dividedBy(2), settings.ttl().dividedBy(2), nanoTime);
        rehearsal = new DressRehearsal(domains, dispatcher, selfHop, through, this.container, nanoTime);
        starting = threads.platform("plumb-start");
        probing = Executors.newSingleThreadScheduledExecutor(threads.platform("plumb-probe"));
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

    private Connections connections(Duration statement) {
        return new Connections(PostgresSettings.of(
                        settings.jdbc().url(),
                        settings.jdbc().user(),
                        settings.jdbc().password())
                .withStatementTimeout(statement));
    }

    private void forget() {
        history.prune(settings.historyRetention());
        requests.prune(settings.requestRetention());
        balanceRounds.prune(settings.historyRetention());
        quarantine.forget();
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

    private boolean confirmsDeaths() {
        return settings.takeover() == Settings.Takeover.CONFIRMED;
    }

    Marks marks() {
        return markFile.marks();
    }

    private LeaseKeeper keeper() {
        return keeper;
    }

    /// Migrate → ranges → routing → register and watch → as soon as this instance answers: rehearse → claim. Blocks for
    /// the migrations only.
    ///
    /// @param folders of migrations
    void start(List<String> folders, Repertoire repertoire) {
        if (settings.migrate()) new Migrations(connections, classLoader, folders).run();
        domains.types().forEach((domain, keys) -> createRanges(domain, keys.name()));
        quarantines.begin(markFile.left());
        lane.start();
        sweeper.start();
        agendaThread.start();
        routing.start();
        notifications.start();
        keeper.start();
        Runtime.getRuntime().addShutdownHook(leaveAtOnce);
        starting.newThread(() -> open(repertoire)).start();
    }

    /// Instances that start at the same time wait for each other here, perhaps for too long.
    private void createRanges(String domain, String keys) {
        for (int tries = 1; ; tries++) {
            try {
                leases.createRanges(domain, keys, settings.initialRanges());
                return;
            } catch (LeaseTableException e) {
                if (tries == CREATE_TRIES) throw e;
                LOG.log(Level.WARNING, () -> "The ranges of " + domain + " are looked at again: " + e.getMessage());
            }
        }
    }

    private void open(Repertoire repertoire) {
        if (!selfCall.awaitAnswer()) return;
        rehearse(repertoire);
        keeper.open();
        long often = settings.ttl().dividedBy(PROBE_LOOKS).toMillis();
        probing.scheduleWithFixedDelay(through::sendInTime, 0, often, TimeUnit.MILLISECONDS);
        chores.start();
        alarms.start();
        balancing.start(settings.balance().enabled() && settings.ownership() instanceof Ownership.Leased);
        if (confirmsDeaths()) confirmation.start();
    }

    private void rehearse(Repertoire repertoire) {
        try {
            keeper.awaitMember(settings.deadline());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        keeper.incarnation()
                .map(me -> new InstanceRow(me, info, InstanceRow.State.LEAVING, 0))
                .ifPresent(me -> rehearsal.run(repertoire, me, settings.deadline()));
    }

    /// Servers that are told to stop take their applications away first and tell them later. This begins to hand
    /// everything over at once, beside the server's own stop, while requests can still be answered.
    private void leaveInTime() {
        selfCall.close();
        keeper.stop();
        markFile.marks().close(); // from here on it ends because it was told to
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(leaveAtOnce);
        } catch (IllegalStateException e) {
            // it runs already; both wait for the same keeper
        }
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

    /// A random key whose range this instance holds. Does not block.
    ///
    /// @throws NotOwner if it holds nothing, or so little that luck would take too long
    UUID freshKey(String domain) {
        RoutingTable table = routes.current();
        for (int tries = 0; tries < FRESH_KEY_TRIES; tries++) {
            UUID drawn = UUID.randomUUID();
            if (table.route(domain, Slot.of(drawn.toString())) instanceof Route.Local) return drawn;
        }
        throw new NotOwner("this instance owns no part of " + domain + " at the moment");
    }

    /// Drains to live peers, releases, halts. Blocks for at most the drain time-out and a little.
    void stop() {
        forgetHook();
        leaveInTime();
        watchers.close();
        doubts.stop();
        probing.shutdownNow();
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
        leases.close();
        aside.close();
        replies.close();
        containerThreads.shutdown();
    }
}

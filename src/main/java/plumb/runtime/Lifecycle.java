package plumb.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import plumb.ownership.InstanceRow;
import plumb.ownership.LeaseTableException;
import plumb.ownership.Ownership;
import plumb.postgres.Migrations;

/// In which order the parts start and stop.
final class Lifecycle {
    private static final Logger LOG = System.getLogger(Lifecycle.class.getName());

    private static final int CREATE_TRIES = 5;
    private static final int PROBE_LOOKS = 10; // per TTL: who got through to nothing should be seen to do so again soon

    private final Wiring parts;
    private final ClassLoader application;
    private final SelfCall selfCall;
    private final ThreadFactory opening;
    private final ScheduledExecutorService probing;
    private final Thread leaveAtOnce = new Thread(this::leaveInTime, "plumb-leave");

    Lifecycle(Wiring parts, Threads threads) {
        this.parts = parts;
        this.application = threads.application();
        selfCall = new SelfCall(parts.settings.instanceUrl(), parts.settings.instanceName());
        opening = threads.platform("plumb-start");
        probing = Executors.newSingleThreadScheduledExecutor(threads.platform("plumb-probe"));
    }

    Wiring parts() {
        return parts;
    }

    /// Migrate → ranges → routing → register and watch → as soon as this instance answers: rehearse → claim. Blocks for
    /// the migrations only.
    ///
    /// @param folders of migrations
    void start(List<String> folders, Repertoire repertoire) {
        if (parts.settings.migrate()) new Migrations(parts.tables.connections, application, folders).run();
        parts.domains.types().forEach((domain, keys) -> createRanges(domain, keys.name()));
        parts.quarantines.begin(parts.markFile.left());
        parts.lane.start();
        parts.sweeper.start();
        parts.agendaThread.start();
        parts.routing.start();
        parts.notifications.start();
        parts.keeper.start();
        Runtime.getRuntime().addShutdownHook(leaveAtOnce);
        opening.newThread(() -> open(repertoire)).start();
    }

    /// Instances that start at the same time wait for each other here, perhaps for too long.
    private void createRanges(String domain, String keys) {
        for (int tries = 1; ; tries++) {
            try {
                parts.tables.leases.createRanges(domain, keys, parts.settings.initialRanges());
                return;
            } catch (LeaseTableException e) {
                if (tries == CREATE_TRIES) throw e;
                LOG.log(Level.WARNING, () -> "The ranges of " + domain + " are looked at again: " + e.getMessage());
            }
        }
    }

    private void open(Repertoire repertoire) {
        Settings settings = parts.settings;
        if (!selfCall.awaitAnswer()) return;
        rehearse(repertoire);
        parts.keeper.open();
        long often = settings.ttl().dividedBy(PROBE_LOOKS).toMillis();
        probing.scheduleWithFixedDelay(parts.through::sendInTime, 0, often, TimeUnit.MILLISECONDS);
        parts.chores.start();
        parts.alarms.start();
        parts.balancing.start(settings.balance().enabled() && settings.ownership() instanceof Ownership.Leased);
        if (settings.confirmsDeaths()) parts.confirmation.start();
    }

    private void rehearse(Repertoire repertoire) {
        try {
            parts.keeper.awaitMember(parts.settings.deadline());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        parts.keeper
                .incarnation()
                .map(me -> new InstanceRow(me, parts.info, InstanceRow.State.LEAVING, 0))
                .ifPresent(me -> parts.rehearsal.run(repertoire, me, parts.settings.deadline()));
    }

    /// Servers that are told to stop take their applications away first and tell them later. This begins to hand
    /// everything over at once, beside the server's own stop, while requests can still be answered.
    private void leaveInTime() {
        selfCall.close();
        parts.keeper.stop();
        parts.markFile.marks().close(); // from here on it ends because it was told to
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(leaveAtOnce);
        } catch (IllegalStateException e) {
            // it runs already; both wait for the same keeper
        }
    }

    /// Drains to live peers, releases, halts. Blocks for at most the drain time-out and a few seconds.
    void stop() {
        forgetHook();
        leaveInTime();
        probing.shutdownNow();
        parts.close();
    }
}

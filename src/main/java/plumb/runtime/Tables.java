package plumb.runtime;

import java.time.Duration;
import javax.sql.DataSource;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import net.javacrumbs.shedlock.core.LockingTaskExecutor;
import plumb.postgres.AlarmRows;
import plumb.postgres.BalanceRounds;
import plumb.postgres.ChoreLocks;
import plumb.postgres.Connections;
import plumb.postgres.DrainWishes;
import plumb.postgres.LeaseHistory;
import plumb.postgres.People;
import plumb.postgres.PostgresAudit;
import plumb.postgres.PostgresFencedStore;
import plumb.postgres.PostgresHeartbeat;
import plumb.postgres.PostgresLeaseTable;
import plumb.postgres.PostgresSettings;
import plumb.postgres.QuarantineTable;
import plumb.postgres.RangeLoads;
import plumb.postgres.RequestRows;
import plumb.postgres.TimeLeft;
import plumb.postgres.TransactionStatus;

/// Everything that one instance keeps in Postgres and reads from there, over connections of its own: those of the
/// server's pool may all be taken when a lease is to be renewed.
final class Tables implements AutoCloseable {
    /// A lane's statement may wait longer than a renewal's; a frozen client's fence may not stop takeovers for longer
    /// than this.
    private static final Duration LANE_STATEMENT = Duration.ofSeconds(3);

    final Connections connections;
    final PostgresFencedStore fenced;
    final PostgresLeaseTable leases;
    final PostgresHeartbeat heartbeat;
    final TransactionStatus transactions;
    final TimeLeft timeLeft;
    final LeaseHistory history;
    final BalanceRounds balanceRounds;
    final RangeLoads loads;
    final QuarantineTable quarantine;
    final AlarmRows alarms;
    final People people;
    final DrainWishes drainWishes;
    final PostgresAudit audit;
    final LockingTaskExecutor locks;

    private final Settings settings;
    private final RequestRows requests;

    /// @param pool the server's connections, for what keys read while they load
    Tables(Settings settings, DataSource pool) {
        this.settings = settings;
        connections = connections(settings, settings.statementTimeout());
        fenced = new PostgresFencedStore(connections(settings, LANE_STATEMENT));
        leases = new PostgresLeaseTable(connections);
        heartbeat = new PostgresHeartbeat(connections, settings.ttl());
        transactions = new TransactionStatus(connections);
        timeLeft = new TimeLeft(connections);
        history = new LeaseHistory(connections);
        balanceRounds = new BalanceRounds(connections);
        loads = new RangeLoads(connections);
        quarantine = new QuarantineTable(connections);
        alarms = new AlarmRows(pool);
        people = new People(connections);
        drainWishes = new DrainWishes(connections);
        audit = new PostgresAudit(connections, settings.instanceName());
        locks = new DefaultLockingTaskExecutor(new ChoreLocks(connections, settings.instanceName()));
        requests = new RequestRows(connections.dataSource());
    }

    private static Connections connections(Settings settings, Duration statement) {
        return new Connections(PostgresSettings.of(
                        settings.jdbc().url(),
                        settings.jdbc().user(),
                        settings.jdbc().password())
                .withStatementTimeout(statement));
    }

    /// Deletes what is older than the settings want it kept. Blocks.
    void forget() {
        history.prune(settings.historyRetention());
        requests.prune(settings.requestRetention());
        balanceRounds.prune(settings.historyRetention());
        quarantine.forget();
    }

    @Override
    public void close() {
        leases.close();
    }
}

package plumb.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLWarning;
import plumb.commit.FencedStore;
import plumb.commit.Unit;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.postgres.Verdict.Phase;

/// One lane's connection: opened at the first batch, kept with its prepared statements, opened anew after a failure.
/// For one
/// thread.
public final class PostgresFencedStore implements FencedStore {
    private final Connections connections;
    private @Nullable Connection connection;

    /// @param connections their time-outs bound a batch: the fence must not be held by a client that stands still
    public PostgresFencedStore(Connections connections) {
        this.connections = connections;
    }

    @Override
    public Attempt commit(List<Unit> units) {
        if (units.isEmpty()) return new Attempt.Applied(Set.of());
        // units come in the order of their turns, so the last one is of the current life
        Incarnation me = units.getLast().tenure().owner();
        Connection open;
        try {
            open = connection(me);
        } catch (SQLException e) {
            return new Attempt.TryAgain("no connection: " + Verdict.message(e));
        }
        return new Transaction(open, units, me).run();
    }

    private Connection connection(Incarnation me) throws SQLException {
        Connection open = connection;
        if (open == null || open.isClosed()) {
            open = connections.open(Connections.nameOf(me));
            open.setAutoCommit(false);
            connection = open;
        }
        return open;
    }

    @Override
    public void close() {
        Quietly.close(connection);
        connection = null;
    }

    /// One attempt, and how far it came.
    private final class Transaction {
        private final Connection open;
        private final List<Unit> units;
        private final Incarnation me;
        private Phase phase = Phase.FENCE;
        private @Nullable String xid;

        Transaction(Connection open, List<Unit> units, Incarnation me) {
            this.open = open;
            this.units = units;
            this.me = me;
        }

        Attempt run() {
            try {
                return fencedWrites();
            } catch (SQLException e) {
                if (Verdict.endsSession(e) || !Quietly.rollback(open)) close();
                return Verdict.of(phase, xid, e);
            } catch (IllegalArgumentException e) {
                if (!Quietly.rollback(open)) close();
                return new Attempt.BadData("22023", String.valueOf(e.getMessage()));
            }
        }

        private Attempt fencedWrites() throws SQLException {
            var tenures = new LinkedHashSet<Tenure>();
            for (Unit unit : units) tenures.add(unit.tenure());
            Fence.Held held = Fence.take(open, List.copyOf(tenures), me);
            xid = held.xid();
            phase = Phase.WRITES;
            var refused = new HashSet<>(tenures);
            refused.removeAll(held.tenures());
            List<Batches.Batch> batches = Batches.of(units.stream()
                    .filter(unit -> held.tenures().contains(unit.tenure()))
                    .toList());
            var counts = new ArrayList<int[]>(batches.size());
            for (Batches.Batch batch : batches) counts.add(Batches.run(open, batch));
            return commit(batches, counts, Set.copyOf(refused));
        }

        private Attempt commit(List<Batches.Batch> batches, List<int[]> counts, Set<Tenure> refused)
                throws SQLException {
            open.clearWarnings();
            phase = Phase.COMMIT;
            open.commit();
            if (notReplicated(open.getWarnings()))
                return new Attempt.InDoubt(xid, "the wait for the synchronous standby was cancelled");
            for (int b = 0; b < batches.size(); b++)
                for (int e = 0; e < counts.get(b).length; e++)
                    batches.get(b).entries().get(e).write().committed(counts.get(b)[e]);
            return new Attempt.Applied(refused);
        }
    }

    /// COMMIT says yes with a warning when it was cancelled while it waited for a standby: a failover may still forget
    /// it. Known by
    /// the routine, because the text depends on the server's language.
    private static boolean notReplicated(@Nullable SQLWarning warnings) {
        for (SQLWarning warning = warnings; warning != null; warning = warning.getNextWarning())
            if (warning instanceof PSQLWarning postgres
                    && postgres.getServerErrorMessage() != null
                    && "SyncRepWaitForLSN"
                            .equals(postgres.getServerErrorMessage().getRoutine())) return true;
        return false;
    }
}

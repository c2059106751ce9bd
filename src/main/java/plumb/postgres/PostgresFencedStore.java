package plumb.postgres;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import plumb.commit.FencedStore;
import plumb.commit.Unit;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.postgres.Verdict.Phase;

/// One lane's connection: opened at the first batch, kept with its prepared statements, opened anew after a failure.
/// For one thread.
public final class PostgresFencedStore implements FencedStore {
    private static final System.Logger LOG = System.getLogger(PostgresFencedStore.class.getName());

    private final Connections connections;
    private @Nullable Connection connection;

    /// @param connections their time-outs bound a batch: the fence must not be held by a client that stands still
    public PostgresFencedStore(Connections connections) {
        this.connections = connections;
    }

    @Override
    public Attempt commit(List<Unit> units) {
        return units.isEmpty() ? new Attempt.Applied(Set.of()) : new Transaction(units).run();
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
        private final List<Unit> units;
        private Phase phase = Phase.FENCE;
        private @Nullable String xid;
        private Set<Tenure> refused = Set.of();
        private List<Batches.Batch> batches = List.of();
        private final List<int[]> counts = new ArrayList<>();

        Transaction(List<Unit> units) {
            this.units = units;
        }

        Attempt run() {
            try {
                return fencedWrites();
            } catch (Batches.Unbindable e) {
                if (!Quietly.rollback(connection)) close();
                return new Attempt.BadData("22023", String.valueOf(e.getMessage()));
            } catch (SQLException e) {
                if (Verdict.endsSession(phase, e) || !Quietly.rollback(connection)) close();
                return told(Verdict.of(phase, xid, refused, e));
            } catch (Throwable e) { // only here it is known how far the attempt came
                LOG.log(Level.ERROR, "the connection of a lane failed", e);
                close();
                return told(Verdict.of(phase, xid, refused, e));
            }
        }

        private Attempt fencedWrites() throws SQLException {
            Incarnation me = currentLife();
            Connection open = connection(me);
            var tenures = new LinkedHashSet<Tenure>();
            for (Unit unit : units) tenures.add(unit.tenure());
            Fence.Held held = Fence.take(open, List.copyOf(tenures), me);
            xid = held.xid();
            phase = Phase.WRITES;
            tenures.removeAll(held.tenures());
            refused = Set.copyOf(tenures);
            batches = Batches.of(units.stream()
                    .filter(unit -> held.tenures().contains(unit.tenure()))
                    .toList());
            for (Batches.Batch batch : batches) counts.add(Batches.run(open, batch));
            return commit(open);
        }

        /// Units come in the order of their turns, so the last one is of the current life; but one that writes nothing
        /// may be nobody's.
        private Incarnation currentLife() {
            for (Unit unit : units.reversed())
                if (!unit.writes().isEmpty()) return unit.tenure().owner();
            return units.getLast().tenure().owner();
        }

        private Attempt commit(Connection open) throws SQLException {
            phase = Phase.COMMIT;
            return told(
                    Replication.committed(open)
                            ? new Attempt.Applied(refused)
                            : new Attempt.InDoubt(xid, refused, "the wait for the synchronous standby was cancelled"));
        }

        /// Counts are known once every statement was answered, also where the answer to COMMIT was lost.
        private Attempt told(Attempt attempt) {
            boolean mayStand = attempt instanceof Attempt.Applied || attempt instanceof Attempt.InDoubt;
            if (phase == Phase.COMMIT && mayStand)
                for (int b = 0; b < batches.size(); b++) batches.get(b).tell(counts.get(b));
            return attempt;
        }
    }
}

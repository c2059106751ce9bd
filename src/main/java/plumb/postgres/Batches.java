package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import plumb.commit.Unit;
import plumb.commit.Write;

/// The order in which the writes of many units are sent: equal statements together, one round trip for all of them.
///
/// The order within a unit is kept, and among equal statements that of the units. Different statements of different
/// units may change places: units of one batch are of different keys, or were collected before the other's reply, so
/// nobody can tell.
final class Batches {
    private Batches() {}

    /// @param sql what all of them say
    record Batch(String sql, List<Entry> entries) {
        /// @param counts of rows written, per entry
        void tell(int[] counts) {
            for (int i = 0; i < counts.length; i++) entries.get(i).write().committed(counts[i]);
        }
    }

    /// @param unit binds the tenure
    record Entry(Unit unit, Write write) {}

    static List<Batch> of(List<Unit> units) {
        var waiting = new ArrayList<Deque<Entry>>(units.size());
        for (Unit unit : units) {
            if (unit.writes().isEmpty()) continue; // it only asked the fence
            var entries = new ArrayDeque<Entry>(unit.writes().size());
            for (Write write : unit.writes()) entries.add(new Entry(unit, write));
            waiting.add(entries);
        }
        var batches = new ArrayList<Batch>();
        while (!waiting.isEmpty()) batches.add(next(waiting));
        return batches;
    }

    /// Everything that may come now and says what the first unit's next write says.
    private static Batch next(List<Deque<Entry>> waiting) {
        String sql = waiting.getFirst().getFirst().write().statement().sql();
        var entries = new ArrayList<Entry>();
        for (Iterator<Deque<Entry>> each = waiting.iterator(); each.hasNext(); ) {
            Deque<Entry> unit = each.next();
            while (!unit.isEmpty() && unit.getFirst().write().statement().sql().equals(sql))
                entries.add(unit.removeFirst());
            if (unit.isEmpty()) each.remove();
        }
        return new Batch(sql, entries);
    }

    /// One JDBC batch; not rewritten into one statement, because the count of every single row is wanted.
    ///
    /// @return rows written, per entry
    /// @throws Unbindable if a row cannot be bound
    static int[] run(Connection transaction, Batch batch) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(batch.sql())) {
            for (Entry entry : batch.entries()) {
                bind(statement, entry);
                statement.addBatch();
            }
            return statement.executeBatch();
        }
    }

    private static void bind(PreparedStatement statement, Entry entry) throws SQLException {
        try {
            Parameters.bind(statement, entry.unit(), entry.write());
        } catch (IllegalArgumentException e) {
            throw new Unbindable(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) { // its text may quote the row, and rows are people's
            throw new Unbindable("cannot bind: " + e.getClass().getName(), e);
        }
    }

    /// The row is the fault, and nothing of its batch was sent.
    static final class Unbindable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unbindable(String message, RuntimeException cause) {
            super(message, cause);
        }
    }
}

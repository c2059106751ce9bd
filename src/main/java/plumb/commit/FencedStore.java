package plumb.commit;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Tenure;

/// Port to the database: one fenced transaction per call. One lane owns one store and calls it from its one thread.
public interface FencedStore extends AutoCloseable {
    /// BEGIN, fence, the statements of the units whose tenure still holds, COMMIT. Blocks, under server-side time-outs.
    /// Sets the counts of the writes before it returns [Attempt.Applied], and before [Attempt.InDoubt] if it knows
    /// them: they are right if the transaction turns out to be committed. Does not throw.
    Attempt commit(List<Unit> units);

    @Override
    void close();

    /// What one attempt came to.
    sealed interface Attempt {
        /// Committed, except for the units of these tenures, of which nothing was run.
        record Applied(Set<Tenure> refused) implements Attempt {}

        /// Rolled back: the data of some unit is bad (SQLSTATE class 22, 23, 42 and the like).
        record BadData(String sqlState, String detail) implements Attempt {}

        /// Rolled back or never sent; trying the same again is safe (deadlock, serialisation, lock time-out, no
        /// connection).
        record TryAgain(String detail) implements Attempt {}

        /// The connection was lost with a statement outstanding, or the server's yes is worth nothing.
        ///
        /// @param xid the transaction, as the store knows it, or null if even the fence's answer was lost; then
        ///     nothing was written by it
        /// @param refused the tenures that the fence did not let through: whatever became of the transaction, nothing
        ///     of theirs was run
        record InDoubt(@Nullable String xid, Set<Tenure> refused, String detail) implements Attempt {}
    }
}

package plumb.commit;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Tenure;

/// Settles an ambiguous commit, in this order: ends those tenures (self-claim raises the epochs, so that whatever the
/// lost connection may still deliver fails at the fence), halts their handlers, asks the database what became of the
/// transaction. Implemented where ownership and dispatch meet.
@FunctionalInterface
public interface Doubt {
    /// Blocks until it is settled or hopeless. Called on the lane's thread, or on a key's for a transaction of its own.
    CommitResult.Outcome settle(Set<Tenure> tenures, @Nullable String xid);
}

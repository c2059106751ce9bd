package plumb.commit;

import java.util.concurrent.CompletableFuture;

/// Where units go: a lane, or a set of lanes that keeps every range on the same lane.
@FunctionalInterface
public interface Committer {
    /// Does not block. The future completes after the commit, on a thread that may be waited for but not worked on.
    CompletableFuture<CommitResult> submit(Unit unit);
}

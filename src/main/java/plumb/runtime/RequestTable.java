package plumb.runtime;

import java.util.List;
import java.util.Optional;
import plumb.RequestId;
import plumb.Requests.Done;
import plumb.Writes;
import plumb.keyspace.Key;

/// Where requests are kept for [plumb.Once]: read by a key's owner, and written with what its requests write.
public interface RequestTable {
    /// Of one key, newest first. Blocks.
    ///
    /// @throws RuntimeException if it cannot be read
    List<Done<String>> newest(Key key, int limit);

    /// Blocks.
    ///
    /// @throws RuntimeException if it cannot be read
    Optional<Done<String>> find(Key key, RequestId id);

    /// Has one written; its commit fails if the id is there already.
    ///
    /// @param done what it did is JSON
    void add(Writes writes, Key key, Done<String> done);
}

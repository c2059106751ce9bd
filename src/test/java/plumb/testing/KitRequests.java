package plumb.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import plumb.RequestId;
import plumb.Requests.Done;
import plumb.Statement;
import plumb.Writes;
import plumb.keyspace.Key;
import plumb.runtime.RequestTable;

/// The table of requests: what is committed of them, for [plumb.Once]. Safe for use by several threads.
final class KitRequests implements RequestTable {
    /// What is written to it.
    record Row(Key key, Done<String> done) {}

    private static final Statement<Row> INSERT = Statement.of(Row.class, "plumb.request");

    private final Map<Key, List<Done<String>>> committed = new HashMap<>(); // newest first

    @Override
    public synchronized List<Done<String>> newest(Key key, int limit) {
        return of(key).stream().limit(limit).toList();
    }

    @Override
    public synchronized Optional<Done<String>> find(Key key, RequestId id) {
        return of(key).stream().filter(done -> done.id().equals(id)).findFirst();
    }

    @Override
    public void add(Writes writes, Key key, Done<String> done) {
        writes.add(INSERT, new Row(key, done));
    }

    synchronized void committed(Row row) {
        committed.computeIfAbsent(row.key(), key -> new ArrayList<>()).addFirst(row.done());
    }

    private List<Done<String>> of(Key key) {
        return committed.getOrDefault(key, List.of());
    }
}

package plumb.runtime;

import java.util.List;
import java.util.Optional;
import plumb.RequestId;
import plumb.Requests.Done;
import plumb.Writes;
import plumb.keyspace.Key;
import plumb.postgres.RequestRows;

/// Requests in `plumb.request`.
record RequestsInTable(RequestRows rows) implements RequestTable {
    @Override
    public List<Done<String>> newest(Key key, int limit) {
        return rows.newest(key, limit);
    }

    @Override
    public Optional<Done<String>> find(Key key, RequestId id) {
        return rows.find(key, id);
    }

    @Override
    public void add(Writes writes, Key key, Done<String> done) {
        writes.add(
                RequestRows.INSERT,
                new RequestRows.Row(
                        key.domain(),
                        key.text(),
                        done.id().text(),
                        done.fingerprint().text(),
                        done.effect()));
    }
}

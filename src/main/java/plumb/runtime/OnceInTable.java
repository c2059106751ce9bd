package plumb.runtime;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import plumb.Effect;
import plumb.Fingerprint;
import plumb.Once;
import plumb.RequestId;
import plumb.Requests;
import plumb.Undo;
import plumb.Writes;
import plumb.http.Json;
import plumb.keyspace.Key;

/// [Once] for one key, over the table of requests. Used by the key's thread alone.
public final class OnceInTable implements Once {
    /// How many requests are kept in memory, and read at the load. So many more than a turn can add that what is
    /// dropped is always committed, and so can be read.
    static final int KEPT = 1_000;

    private final Key key;
    private final Writes writes;
    private final RequestTable table;
    private final Json json;
    private final Requests<String> requests;
    private int inMemory;

    private OnceInTable(Key key, Writes writes, Undo undo, RequestTable table, Json json) {
        this.requests = new Requests<>(KEPT, this::find, undo);
        this.key = key;
        this.writes = writes;
        this.table = table;
        this.json = json;
    }

    /// Blocks for a query.
    public static OnceInTable load(Key key, Writes writes, Undo undo, RequestTable table, Json json) {
        var once = new OnceInTable(key, writes, undo, table, json);
        List<Requests.Done<String>> newest = table.newest(key, KEPT);
        newest.reversed().forEach(once.requests::add);
        once.inMemory = newest.size();
        return once;
    }

    @Override
    public <A> Effect<A> run(RequestId id, Fingerprint body, Class<A> answer, Supplier<? extends A> effect) {
        Effect<String> done = requests.once(id, body, () -> {
            String kept = json.write(effect.get());
            table.add(writes, key, new Requests.Done<>(id, body, kept));
            inMemory++;
            return kept;
        });
        return new Effect<>(json.read(done.value(), answer), done.repeated());
    }

    private Requests.@Nullable Done<String> find(RequestId id) {
        boolean allInMemory = inMemory < KEPT;
        return allInMemory ? null : table.find(key, id).orElse(null);
    }
}

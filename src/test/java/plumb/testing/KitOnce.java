package plumb.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import plumb.Effect;
import plumb.Fingerprint;
import plumb.Once;
import plumb.RequestId;
import plumb.Requests;
import plumb.Requests.Done;
import plumb.Statement;
import plumb.dispatch.Turn;
import plumb.keyspace.Key;

/// [Once] for one key, over what is committed. Used by the key's thread alone.
final class KitOnce implements Once {
    /// What is written.
    record Row(Key key, Done<Object> done) {}

    private static final Statement<Row> INSERT = Statement.of(Row.class, "plumb.request");
    private static final int KEPT = 1_000;

    private final Key key;
    private final Requests<Object> requests = new Requests<>(KEPT, id -> null, Turn.undo());

    KitOnce(Key key, List<Done<Object>> committed) {
        this.key = key;
        committed.forEach(requests::add);
    }

    @Override
    public <A> Effect<A> run(RequestId id, Fingerprint body, Class<A> answer, Supplier<? extends A> effect) {
        Effect<Object> done = requests.once(id, body, () -> {
            Object value = effect.get();
            Turn.writes().add(INSERT, new Row(key, new Done<>(id, body, value)));
            return value;
        });
        return new Effect<>(answer.cast(done.value()), done.repeated());
    }

    /// The table. Safe for use by several threads.
    static final class Table {
        private final Map<Key, List<Done<Object>>> committed = new HashMap<>();

        synchronized void committed(Row row) {
            committed.computeIfAbsent(row.key(), key -> new ArrayList<>()).add(row.done());
        }

        synchronized List<Done<Object>> of(Key key) {
            return List.copyOf(committed.getOrDefault(key, List.of()));
        }
    }
}

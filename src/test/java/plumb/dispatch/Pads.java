package plumb.dispatch;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import plumb.Handler;
import plumb.Writes;

/// Loads pads from the committer's lines, and lets the test step in.
final class Pads implements Handler.Factory<Pad> {
    /// A memo that keep throws on.
    static final String UNKEEPABLE = "unkeepable";
    /// A memo that restore throws on.
    static final String UNRESTORABLE = "unrestorable";
    /// A memo that the gauges throw on.
    static final String UNCOUNTABLE = "uncountable";

    /// A memo that describe throws on.
    static final String INDESCRIBABLE = "indescribable";

    final AtomicInteger loads = new AtomicInteger();
    /// Keys of discarded pads, in order.
    final BlockingQueue<String> discarded = new LinkedBlockingQueue<>();

    /// Keys of pads that got something along, in order.
    final BlockingQueue<String> restored = new LinkedBlockingQueue<>();

    volatile Consumer<String> beforeCreate = key -> {};
    volatile Consumer<String> beforeLoad = key -> {};
    volatile Consumer<String> duringDiscard = key -> {};

    private final ScriptedCommitter database;

    Pads(ScriptedCommitter database) {
        this.database = database;
    }

    @Override
    public List<String> gauges() {
        return List.of("lines", "memos");
    }

    @Override
    public Handler<Pad> create(String key, Writes writes) {
        beforeCreate.accept(key);
        return new Handler<>() {
            @Override
            public Pad load() {
                loads.incrementAndGet();
                beforeLoad.accept(key);
                return new Pad(key, writes, database.linesOf(key));
            }

            @Override
            public @Nullable String keep(Pad pad) {
                if (pad.memo.equals(UNKEEPABLE)) throw new IllegalStateException("the test wants it");
                return pad.memo.isEmpty() ? null : pad.memo;
            }

            @Override
            public String describe(Pad pad) {
                if (pad.memo.equals(INDESCRIBABLE)) throw new IllegalStateException("the test wants it");
                return "{\"lines\":" + pad.lines.size() + "}";
            }

            @Override
            public void restore(Pad pad, String kept) {
                if (kept.equals(UNRESTORABLE)) throw new IllegalStateException("the test wants it");
                restored.add(key);
                pad.memo = kept;
            }

            @Override
            public long gauge(Pad pad, int which) {
                if (pad.memo.equals(UNCOUNTABLE)) throw new IllegalStateException("the test wants it");
                return which == 0 ? pad.lines.size() : pad.memo.isEmpty() ? 0 : 1;
            }

            @Override
            public void discard(Pad pad) {
                discarded.add(key);
                duringDiscard.accept(key);
            }
        };
    }
}

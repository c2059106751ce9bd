package plumb.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Work that many ask for at once and that is done for all of them: one run at a time, and who comes during a run gets
/// what the next one brings, which begins after he came. Thread-safe; asking does not block.
final class NextRun<V> {
    private final Supplier<V> work;
    private final Executor executor;
    private boolean running; // guarded by this
    private @Nullable CompletableFuture<V> next; // guarded by this

    NextRun(Supplier<V> work, Executor executor) {
        this.work = work;
        this.executor = executor;
    }

    synchronized CompletableFuture<V> get() {
        CompletableFuture<V> asked = next;
        if (asked == null) {
            asked = new CompletableFuture<>();
            next = asked;
            if (!running) begin(asked);
        }
        return asked;
    }

    private synchronized void begin(CompletableFuture<V> run) {
        running = true;
        next = null;
        executor.execute(() -> {
            try {
                run.complete(work.get());
            } catch (Throwable e) {
                run.completeExceptionally(e);
            } finally {
                ended();
            }
        });
    }

    private synchronized void ended() {
        running = false;
        CompletableFuture<V> waiting = next;
        if (waiting != null) begin(waiting);
    }
}

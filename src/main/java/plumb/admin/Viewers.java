package plumb.admin;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import plumb.routing.Routes;

/// Tells those who look at a page that something has changed; what it is, the page reads. Nothing is done while nobody
/// looks, and never on a thread that publishes a table or serves a request. Thread-safe.
@ApplicationScoped
public class Viewers {
    private static final int MOST = 100;

    /// Or nobody would notice who is gone.
    private static final Duration BEAT = Duration.ofSeconds(15);

    /// One who looks.
    private record Viewer(SseEventSink sink, Sse sse) {
        /// Blocks while his connection takes nothing.
        void tell(String name, String data) {
            OutboundSseEvent event =
                    sse.newEventBuilder().name(name).data(String.class, data).build();
            sink.send(event);
        }
    }

    @Inject
    Routes routes;

    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean listening = new AtomicBoolean();
    private final AtomicBoolean telling = new AtomicBoolean();
    private final AtomicLong version = new AtomicLong();
    private volatile @Nullable ScheduledExecutorService thread; // a slow viewer holds up the others, and nobody else

    /// @return false: there are too many
    boolean add(SseEventSink sink, Sse sse) {
        if (viewers.size() >= MOST) return false;
        if (listening.compareAndSet(false, true)) listen();
        var viewer = new Viewer(sink, sse);
        viewers.add(viewer);
        later(() -> tell(viewer, "changed", Long.toString(routes.current().version())));
        return true;
    }

    private void listen() {
        ThreadFactory daemon =
                Thread.ofPlatform().daemon().name("plumb-viewers").factory();
        ScheduledExecutorService begun = Executors.newSingleThreadScheduledExecutor(daemon);
        thread = begun;
        begun.scheduleWithFixedDelay(() -> tellAll("beat", ""), BEAT.toSeconds(), BEAT.toSeconds(), TimeUnit.SECONDS);
        routes.onChange(table -> changed(table.version()));
    }

    /// Changes that come while somebody is told of one are told as one.
    private void changed(long to) {
        version.set(to);
        if (viewers.isEmpty() || !telling.compareAndSet(false, true)) return;
        later(() -> {
            telling.set(false);
            tellAll("changed", Long.toString(version.get()));
        });
    }

    private void later(Runnable task) {
        ScheduledExecutorService known = thread;
        if (known == null) return;
        try {
            known.execute(task);
        } catch (RejectedExecutionException e) {
            telling.set(false); // this instance stops
        }
    }

    private void tellAll(String name, String data) {
        for (Viewer viewer : viewers) tell(viewer, name, data);
    }

    private void tell(Viewer viewer, String name, String data) {
        try {
            if (!viewer.sink().isClosed()) viewer.tell(name, data);
        } catch (RuntimeException e) {
            viewer.sink().close();
        }
        if (viewer.sink().isClosed()) viewers.remove(viewer);
    }

    /// How many look.
    public int count() {
        return viewers.size();
    }

    @PreDestroy
    void close() {
        ScheduledExecutorService known = thread;
        if (known != null) known.shutdownNow();
        viewers.forEach(viewer -> viewer.sink().close());
    }
}

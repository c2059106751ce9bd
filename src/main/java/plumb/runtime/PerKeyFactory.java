package plumb.runtime;

import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import plumb.Handler;
import plumb.Writes;
import plumb.dispatch.ContainerTasks;
import plumb.dispatch.Turn;
import plumb.http.Json;

/// Makes the bean of a [plumb.PerKey] class: one `CreationalContext` per loaded state, released on the key's thread.
///
/// A load is the container's work (injection, persistence), so it runs on the server's threads while the key's thread
/// waits. Servers load classes there under locks of their own, and a virtual thread that is unmounted with such a lock,
/// while every carrier is pinned by a thread that resolves a class and wants that lock, stands still for ever (seen on
/// Payara with two cores).
public final class PerKeyFactory<T> implements Handler.Factory<T> {
    /// Makes beans.
    ///
    /// @param <T> their type
    @FunctionalInterface
    public interface Maker<T> {
        /// Injects and initialises a new one; runs in the turn of its key.
        Made<T> make();
    }

    /// A bean.
    ///
    /// @param release ends it; must not touch the database
    public record Made<T>(T bean, Runnable release) {}

    private final Maker<T> maker;
    private final @Nullable HandingAlong handing;
    private final @Nullable Describing describing;
    private final GaugeMethods gauges;
    private final OwnMethods own;
    private final Map<String, Class<?>> alarms;
    private final ContainerTasks container;

    private PerKeyFactory(Maker<T> maker, PerKeyTypes.PerKeyType found, ContainerTasks container) {
        this.maker = maker;
        this.handing = found.handing();
        this.describing = found.describing();
        this.gauges = found.gauges();
        this.own = found.own();
        this.alarms = own.takes();
        this.container = container;
    }

    /// Of a class that the container knows as a bean.
    static PerKeyFactory<?> of(BeanManager beans, PerKeyTypes.PerKeyType found, ContainerTasks container) {
        return new PerKeyFactory<>(maker(beans, found.type()), found, container);
    }

    private static <T> Maker<T> maker(BeanManager beans, Class<T> type) {
        Bean<?> bean = beans.resolve(beans.getBeans(type));
        return () -> {
            CreationalContext<?> context = beans.createCreationalContext(bean);
            try {
                return new Made<>(type.cast(beans.getReference(bean, type, context)), context::release);
            } catch (RuntimeException e) {
                context.release();
                throw e;
            }
        };
    }

    /// Of a class whose beans somebody else makes.
    ///
    /// @param container runs what servers run on their own threads
    /// @throws IllegalArgumentException with one sentence on what is wrong with the class
    public static <T> PerKeyFactory<T> of(Class<T> type, Maker<T> maker, ContainerTasks container) {
        return new PerKeyFactory<>(maker, PerKeyTypes.read(type), container);
    }

    @Override
    public List<String> gauges() {
        return gauges.names();
    }

    @Override
    public List<Duration> ticks() {
        return own.periods();
    }

    @Override
    public Map<String, Class<?>> alarms() {
        return alarms;
    }

    @Override
    public Handler<T> create(String key, Writes writes) {
        return new BeanHandler();
    }

    private final class BeanHandler implements Handler<T> {
        private volatile @Nullable Made<T> made;

        @Override
        public T load() throws Exception {
            Turn turn = Turn.current();
            Made<T> fresh = container.run(() -> turn.where(maker::make));
            made = fresh;
            return fresh.bean();
        }

        /// The method on the key's own thread, as every other one: a range that is drained ends a thousand beans, of
        /// which most have nothing to hand along, and nobody is served meanwhile.
        @Override
        public @Nullable String keep(T state) throws Exception {
            Object kept = handing == null ? null : handing.kept(state);
            return kept == null ? null : container.run(() -> Json.binding().write(kept));
        }

        @Override
        public @Nullable String describe(T state) throws Exception {
            Object shown = describing == null ? null : describing.read(state);
            return shown == null ? null : container.run(() -> Json.binding().write(shown));
        }

        @Override
        public void restore(T state, String kept) throws Exception {
            if (handing == null) return; // the predecessor's version of the class handed something along
            container.run(() -> {
                handing.restore(state, kept);
                return null;
            });
        }

        /// On the key's own thread: it reads fields, and the container has no part in it.
        @Override
        public long gauge(T state, int which) throws Exception {
            return gauges.read(state, which);
        }

        @Override
        public void tick(T state, int which) throws Exception {
            own.tick(state, which);
        }

        @Override
        public void alarm(T state, String name, String argument) throws Exception {
            own.alarm(state, name, argument);
        }

        @Override
        public void discard(T state) {
            release();
        }

        private void release() {
            Made<T> last = made;
            made = null;
            if (last != null) last.release().run();
        }
    }
}

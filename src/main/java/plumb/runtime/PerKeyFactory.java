package plumb.runtime;

import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import org.jspecify.annotations.Nullable;
import plumb.Handler;
import plumb.Writes;

/// Makes the bean of a [plumb.PerKey] class on its key's thread: one `CreationalContext` per loaded state, released
/// there too.
final class PerKeyFactory<T> implements Handler.Factory<T> {
    private final BeanManager beans;
    private final Bean<?> bean;
    private final Class<T> type;

    PerKeyFactory(BeanManager beans, Class<T> type) {
        this.beans = beans;
        this.type = type;
        this.bean = beans.resolve(beans.getBeans(type));
    }

    @Override
    public Handler<T> create(String key, Writes writes) {
        return new BeanHandler();
    }

    private final class BeanHandler implements Handler<T> {
        private @Nullable CreationalContext<?> context;

        @Override
        public T load() {
            CreationalContext<?> fresh = beans.createCreationalContext(bean);
            context = fresh;
            try {
                return type.cast(beans.getReference(bean, type, fresh));
            } catch (RuntimeException e) {
                discard();
                throw e;
            }
        }

        @Override
        public void discard(T state) {
            discard();
        }

        private void discard() {
            CreationalContext<?> last = context;
            context = null;
            if (last != null) last.release();
        }
    }
}

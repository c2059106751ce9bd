package plumb.testing;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import plumb.dispatch.Turn;
import plumb.keyspace.Key;
import plumb.keyspace.KeyType;
import plumb.runtime.PerKeyFactory.Made;
import plumb.runtime.PerKeyFactory.Maker;

/// Makes what a container would: fields are injected by their type, then the class's own methods begin and end it.
final class KitInjector<T> implements Maker<T> {
    private final Class<T> type;
    private final Map<Class<?>, Function<Key, Object>> offered;

    /// @param offered what is injected, by the field's type, for a key
    KitInjector(Class<T> type, Map<Class<?>, Function<Key, Object>> offered) {
        this.type = type;
        this.offered = Map.copyOf(offered);
    }

    /// @throws IllegalArgumentException with one sentence on what cannot be injected
    KitInjector<T> checked() {
        for (Field field : fields())
            if (field.isAnnotationPresent(Inject.class)
                    && !field.isAnnotationPresent(plumb.Key.class)
                    && !offered.containsKey(field.getType())) throw missing(field);
        return this;
    }

    private IllegalArgumentException missing(Field field) {
        String wanted = field.getType().getSimpleName();
        return new IllegalArgumentException(type.getSimpleName() + "." + field.getName() + " wants a " + wanted
                + ": give the kit one, .with(" + wanted + ".class, …)");
    }

    @Override
    public Made<T> make() {
        Key key = Turn.current().key();
        try {
            Constructor<T> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            T bean = constructor.newInstance();
            for (Field field : fields()) if (field.isAnnotationPresent(Inject.class)) inject(bean, field, key);
            call(bean, PostConstruct.class);
            return new Made<>(bean, () -> end(bean));
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    type.getSimpleName() + " needs a constructor without parameters, as every bean", e);
        }
    }

    private void inject(T bean, Field field, Key key) throws IllegalAccessException {
        field.setAccessible(true);
        if (field.isAnnotationPresent(plumb.Key.class)) {
            field.set(bean, KeyType.of(field.getType()).value(key.text()));
            return;
        }
        field.set(bean, Objects.requireNonNull(offered.get(field.getType())).apply(key));
    }

    private void end(T bean) {
        try {
            call(bean, PreDestroy.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void call(T bean, Class<? extends Annotation> mark) throws ReflectiveOperationException {
        for (Class<?> each : classes())
            for (Method method : each.getDeclaredMethods())
                if (method.isAnnotationPresent(mark)) {
                    method.setAccessible(true);
                    method.invoke(bean);
                }
    }

    private List<Field> fields() {
        var fields = new ArrayList<Field>();
        for (Class<?> each : classes()) fields.addAll(List.of(each.getDeclaredFields()));
        return fields;
    }

    /// The superclass first.
    private List<Class<?>> classes() {
        var classes = new ArrayList<Class<?>>();
        for (Class<?> each = type; each != Object.class; each = each.getSuperclass()) classes.addFirst(each);
        return classes;
    }
}

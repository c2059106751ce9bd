package plumb.testing;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceUnit;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import plumb.Keyed;
import plumb.PerKey;
import plumb.dispatch.Turn;
import plumb.keyspace.Key;
import plumb.keyspace.KeyType;
import plumb.runtime.PerKeyFactory.Made;
import plumb.runtime.PerKeyFactory.Maker;

/// Makes what a container would: fields are injected by their type, then the class's own methods begin and end it.
final class KitInjector<T> implements Maker<T> {
    /// What is to be injected, when a key's bean is made.
    @FunctionalInterface
    interface Offer {
        Object of(Key key);
    }

    private static final List<Class<? extends Annotation>> MARKS =
            List.of(Inject.class, Resource.class, PersistenceUnit.class, PersistenceContext.class);

    private final Class<T> type;
    private final Map<Class<?>, Offer> offered;
    private final Map<Class<?>, Keyed<?>> mailboxes;
    private final KitInstance instance;

    /// @param offered by the field's type
    /// @param mailboxes by the class of their handlers
    /// @param instance where the beans live: if that dies, nobody is left to end them
    /// @throws IllegalArgumentException with one sentence on what cannot be injected
    KitInjector(Class<T> type, Map<Class<?>, Offer> offered, Map<Class<?>, Keyed<?>> mailboxes, KitInstance instance) {
        this.type = type;
        this.offered = Map.copyOf(offered);
        this.mailboxes = Map.copyOf(mailboxes);
        this.instance = instance;
        check();
    }

    private void check() {
        if (Stream.of(type.getDeclaredConstructors()).anyMatch(each -> each.isAnnotationPresent(Inject.class)))
            throw new IllegalArgumentException(type.getSimpleName() + " wants its constructor injected; the kit injects"
                    + " fields, keep to those");
        for (Field field : fields()) if (isInjected(field) && offer(field) == null) throw missing(field);
    }

    private IllegalArgumentException missing(Field field) {
        String where = type.getSimpleName() + "." + field.getName();
        String wanted = field.getType().getSimpleName();
        if (field.getType().isAnnotationPresent(PerKey.class))
            return new IllegalArgumentException(where + ": a @PerKey class cannot be injected, it lives on its key's"
                    + " thread only; inject Keyed<" + wanted + ">");
        if (field.getType() == Keyed.class)
            return new IllegalArgumentException(where + " wants "
                    + field.getGenericType().getTypeName() + ": tell the kit of that class, .and(….class)");
        return new IllegalArgumentException(
                where + " wants a " + wanted + ": give the kit one, .with(" + wanted + ".class, …)");
    }

    private static boolean isInjected(Field field) {
        return MARKS.stream().anyMatch(field::isAnnotationPresent);
    }

    /// Null: there is none.
    private @Nullable Offer offer(Field field) {
        if (field.isAnnotationPresent(plumb.Key.class))
            return key -> KeyType.of(field.getType()).value(key.text());
        Offer given = offered.get(field.getType());
        if (given != null || field.getType() != Keyed.class) return given;
        if (!(field.getGenericType() instanceof ParameterizedType generic)) return null;
        Keyed<?> keyed = generic.getActualTypeArguments()[0] instanceof Class<?> of ? mailboxes.get(of) : null;
        return keyed == null ? null : key -> keyed;
    }

    @Override
    public Made<T> make() {
        Key key = Turn.current().key();
        try {
            T bean = constructor().newInstance();
            for (Field field : fields()) if (isInjected(field)) inject(bean, field, key);
            call(bean, PostConstruct.class);
            return new Made<>(bean, () -> end(bean));
        } catch (InvocationTargetException e) {
            throw unwrapped(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type.getSimpleName(), e);
        }
    }

    private Constructor<T> constructor() {
        try {
            Constructor<T> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(
                    type.getSimpleName() + " needs a constructor without parameters, as every bean", e);
        }
    }

    private void inject(T bean, Field field, Key key) throws IllegalAccessException {
        Offer offer = offer(field);
        if (offer == null) throw missing(field);
        field.setAccessible(true);
        field.set(bean, offer.of(key));
    }

    private void end(T bean) {
        if (instance.isDead()) return;
        try {
            call(bean, PreDestroy.class);
        } catch (InvocationTargetException e) {
            throw unwrapped(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RuntimeException unwrapped(InvocationTargetException e) {
        if (e.getCause() instanceof Error error) throw error;
        return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    }

    /// The superclass's first; one that is overridden is called once.
    private void call(T bean, Class<? extends Annotation> mark) throws ReflectiveOperationException {
        var overridden = new HashSet<String>();
        var methods = new ArrayList<Method>();
        for (Class<?> each : classes().reversed())
            for (Method method : each.getDeclaredMethods()) {
                boolean ownOnly = Modifier.isPrivate(method.getModifiers());
                boolean isCalled = method.getParameterCount() == 0 && (ownOnly || overridden.add(method.getName()));
                if (isCalled && method.isAnnotationPresent(mark)) methods.addFirst(method);
            }
        for (Method method : methods) {
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

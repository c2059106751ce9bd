package plumb.runtime;

import jakarta.enterprise.inject.spi.AnnotatedField;
import jakarta.enterprise.inject.spi.AnnotatedType;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import plumb.Key;
import plumb.PerKey;
import plumb.keyspace.KeyType;

/// The [PerKey] classes of this application, checked as they are found at deployment.
final class PerKeyTypes {
    private static final Pattern DOMAIN = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    /// A class and what it says of itself.
    ///
    /// @param handing what its keys hand along in a planned move, null: nothing
    /// @param gauges what its keys add to live gauges
    /// @param own what its keys do by themselves
    record PerKeyType(
            String domain,
            Class<?> type,
            KeyType keys,
            @Nullable HandingAlong handing,
            GaugeMethods gauges,
            OwnMethods own) {}

    private final Map<String, PerKeyType> byDomain = new LinkedHashMap<>();

    /// @throws IllegalArgumentException with one sentence on what is wrong with the class
    void add(AnnotatedType<?> found) {
        Class<?> type = found.getJavaClass();
        String domain = found.getAnnotation(PerKey.class).domain();
        if (!DOMAIN.matcher(domain).matches())
            throw misuse(type, "the domain \"" + domain + "\" is not made of lower-case letters, digits and dashes");
        int modifiers = type.getModifiers();
        if (type.isInterface() || Modifier.isAbstract(modifiers)) throw misuse(type, "it must be a concrete class");
        if (Modifier.isFinal(modifiers)) throw misuse(type, "it must not be final");
        PerKeyType other = byDomain.get(domain);
        if (other != null && other.type != type)
            throw misuse(type, "the domain \"" + domain + "\" is taken by " + other.type.getName());
        byDomain.put(domain, new PerKeyType(domain, type, keyType(found), handing(found), gauges(found), own(found)));
    }

    private static KeyType keyType(AnnotatedType<?> found) {
        List<Class<?>> keys = found.getFields().stream()
                .filter(field -> field.isAnnotationPresent(Key.class))
                .<Class<?>>map(PerKeyTypes::rawType)
                .toList();
        if (keys.size() != 1)
            throw misuse(found.getJavaClass(), "exactly one field must be marked @Inject @Key, not " + keys.size());
        try {
            return KeyType.of(keys.getFirst());
        } catch (IllegalArgumentException e) {
            throw misuse(found.getJavaClass(), String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable HandingAlong handing(AnnotatedType<?> found) {
        try {
            return HandingAlong.of(found);
        } catch (IllegalArgumentException e) {
            throw misuse(found.getJavaClass(), String.valueOf(e.getMessage()));
        }
    }

    private static OwnMethods own(AnnotatedType<?> found) {
        try {
            return OwnMethods.of(found);
        } catch (IllegalArgumentException e) {
            throw misuse(found.getJavaClass(), String.valueOf(e.getMessage()));
        }
    }

    private GaugeMethods gauges(AnnotatedType<?> found) {
        try {
            GaugeMethods gauges = GaugeMethods.of(found);
            for (String name : gauges.names()) checkFree(name, found.getJavaClass());
            return gauges;
        } catch (IllegalArgumentException e) {
            throw misuse(found.getJavaClass(), String.valueOf(e.getMessage()));
        }
    }

    private void checkFree(String gauge, Class<?> type) {
        for (PerKeyType other : byDomain.values())
            if (other.type != type && other.gauges.names().contains(gauge))
                throw new IllegalArgumentException(
                        "@LiveGauge(\"" + gauge + "\") is the name of one of " + other.type.getName() + " already");
    }

    private static Class<?> rawType(AnnotatedField<?> field) {
        return field.getJavaMember().getType();
    }

    Collection<PerKeyType> all() {
        return byDomain.values();
    }

    boolean hasDomain(String domain) {
        return byDomain.containsKey(domain);
    }

    boolean hasType(Class<?> type) {
        return byDomain.values().stream().anyMatch(known -> known.type == type);
    }

    /// The type of that class.
    PerKeyType of(Class<?> type) {
        return byDomain.values().stream()
                .filter(known -> known.type == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type.getName() + " is not marked @PerKey"));
    }

    private static IllegalArgumentException misuse(Class<?> type, String what) {
        return new IllegalArgumentException("@PerKey " + type.getName() + ": " + what);
    }
}

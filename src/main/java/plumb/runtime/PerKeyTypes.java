package plumb.runtime;

import java.lang.reflect.Field;
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
public final class PerKeyTypes {
    private static final Pattern DOMAIN = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    /// A class and what it says of itself.
    ///
    /// @param handing what its keys hand along in a planned move, null: nothing
    /// @param describing what operators are shown of its keys, null: nothing
    /// @param gauges what its keys add to live gauges
    /// @param own what its keys do by themselves
    public record PerKeyType(
            String domain,
            Class<?> type,
            KeyType keys,
            @Nullable HandingAlong handing,
            @Nullable Describing describing,
            GaugeMethods gauges,
            OwnMethods own) {}

    private final Map<String, PerKeyType> byDomain = new LinkedHashMap<>();

    /// @throws IllegalArgumentException with one sentence on what is wrong with the class
    public void add(Class<?> type) {
        PerKeyType read = read(type);
        PerKeyType other = byDomain.get(read.domain);
        if (other != null && other.type != type)
            throw misuse(type, "the domain \"" + read.domain + "\" is taken by " + other.type.getName());
        for (String name : read.gauges.names()) checkFree(name, type);
        byDomain.put(read.domain, read);
    }

    /// What one class says of itself.
    ///
    /// @throws IllegalArgumentException with one sentence on what is wrong with it
    static PerKeyType read(Class<?> type) {
        PerKey mark = type.getAnnotation(PerKey.class);
        if (mark == null) throw new IllegalArgumentException(type.getName() + " is not marked @PerKey");
        if (!DOMAIN.matcher(mark.domain()).matches())
            throw misuse(
                    type, "the domain \"" + mark.domain() + "\" is not made of lower-case letters, digits and dashes");
        int modifiers = type.getModifiers();
        if (type.isInterface() || Modifier.isAbstract(modifiers)) throw misuse(type, "it must be a concrete class");
        if (Modifier.isFinal(modifiers)) throw misuse(type, "it must not be final");
        try {
            return new PerKeyType(
                    mark.domain(),
                    type,
                    keyType(type),
                    HandingAlong.of(type),
                    Describing.of(type),
                    GaugeMethods.of(type),
                    OwnMethods.of(type));
        } catch (IllegalArgumentException e) {
            throw misuse(type, String.valueOf(e.getMessage()));
        }
    }

    private static KeyType keyType(Class<?> type) {
        List<Field> keys = Members.fields(type).stream()
                .filter(field -> field.isAnnotationPresent(Key.class))
                .toList();
        if (keys.size() != 1)
            throw new IllegalArgumentException("exactly one field must be marked @Inject @Key, not " + keys.size());
        return KeyType.of(keys.getFirst().getType());
    }

    private void checkFree(String gauge, Class<?> type) {
        for (PerKeyType other : byDomain.values())
            if (other.type != type && other.gauges.names().contains(gauge))
                throw misuse(
                        type,
                        "@LiveGauge(\"" + gauge + "\") is the name of one of " + other.type.getName() + " already");
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
    public PerKeyType of(Class<?> type) {
        return byDomain.values().stream()
                .filter(known -> known.type == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type.getName() + " is not marked @PerKey"));
    }

    private static IllegalArgumentException misuse(Class<?> type, String what) {
        return new IllegalArgumentException("@PerKey " + type.getName() + ": " + what);
    }
}

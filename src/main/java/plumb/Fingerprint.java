package plumb;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.TemporalAccessor;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a request wants, in short: equal for equal bodies whatever their JSON looks like, so that a request id that
/// comes again with another body is noticed. Stored with what the request did, so the function is frozen.
///
/// @param text 32 hexadecimal digits
public record Fingerprint(String text) {
    private static final int BYTES = 16;

    private static final ClassValue<List<Component>> COMPONENTS = new ClassValue<>() {
        @Override
        protected List<Component> computeValue(Class<?> type) {
            return Stream.of(type.getRecordComponents())
                    .sorted(Comparator.comparing(RecordComponent::getName))
                    .map(Component::of)
                    .toList();
        }
    };

    private record Component(String name, Method accessor) {
        static Component of(RecordComponent of) {
            Method accessor = of.getAccessor();
            accessor.setAccessible(true);
            return new Component(of.getName(), accessor);
        }

        @Nullable
        Object of(Record whole) {
            try {
                return accessor.invoke(whole);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalArgumentException("cannot read " + name + " of " + whole.getClass(), e);
            }
        }
    }

    /// Of a request's body. Components count by their names, in whatever order, and what is null does not count: a new
    /// version of the record may add components that older requests leave out.
    ///
    /// @param body made of records, lists, maps with text keys, texts, numbers, booleans, enums, UUIDs and times
    /// @throws IllegalArgumentException if it has something else in it
    public static Fingerprint of(Record body) {
        var text = new StringBuilder();
        append(text, body);
        byte[] digest = sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8));
        return new Fingerprint(HexFormat.of().formatHex(digest, 0, BYTES));
    }

    /// Texts with their length in front, and a bracket around everything that has parts, so that no two bodies look
    /// alike.
    private static void append(StringBuilder all, Object value) {
        switch (value) {
            case Record whole -> {
                all.append('{');
                for (Component component : COMPONENTS.get(whole.getClass()))
                    append(all, component.name(), component.of(whole));
                all.append('}');
            }
            case Map<?, ?> map -> {
                var sorted = new TreeMap<String, @Nullable Object>();
                map.forEach((key, each) -> sorted.put(String.valueOf(key), each));
                all.append('{');
                sorted.forEach((key, each) -> append(all, key, each));
                all.append('}');
            }
            case List<?> list -> {
                all.append('[');
                for (Object each : list)
                    if (each == null) all.append('-');
                    else append(all, each);
                all.append(']');
            }
            case BigDecimal number -> text(all, number.stripTrailingZeros().toPlainString());
            case CharSequence text -> text(all, text);
            case Enum<?> constant -> text(all, constant.name());
            case Number number -> text(all, number.toString());
            case Boolean bool -> text(all, bool.toString());
            case UUID id -> text(all, id.toString());
            case TemporalAccessor time -> text(all, time.toString());
            default ->
                throw new IllegalArgumentException(
                        "no fingerprint of a " + value.getClass().getName());
        }
    }

    private static void append(StringBuilder all, String name, @Nullable Object value) {
        if (value == null) return;
        text(all, name);
        append(all, value);
    }

    private static void text(StringBuilder all, CharSequence text) {
        all.append(text.length()).append(':').append(text);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}

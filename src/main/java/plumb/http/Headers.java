package plumb.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import plumb.RequestId;

/// Header fields of one message: names in any case, values in order. Knows which fields end at each hop. Not
/// thread-safe.
final class Headers {
    static final String VIA = "Via";

    // RFC 9110 §7.6.1, and what this hop writes itself
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "expect");

    private static final Pattern COMMA = Pattern.compile(",");

    private final Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    static Headers of(Map<String, List<String>> fields) {
        var headers = new Headers();
        fields.forEach((name, all) -> all.forEach(value -> headers.add(name, value)));
        return headers;
    }

    Headers add(String name, String value) {
        values.computeIfAbsent(name, absent -> new ArrayList<>(1)).add(value);
        return this;
    }

    Headers set(String name, String value) {
        values.remove(name);
        return add(name, value);
    }

    void remove(String name) {
        values.remove(name);
    }

    List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /// All values of a field as one, separated by commas; null: absent.
    @Nullable
    String joined(String name) {
        List<String> all = values.get(name);
        return all == null ? null : String.join(", ", all);
    }

    /// The value of a field that must not stand there twice; null: absent, or more than one.
    @Nullable
    String single(String name) {
        List<String> all = values.get(name);
        return all == null || all.size() != 1 ? null : all.getFirst().strip();
    }

    void forEach(BiConsumer<String, String> each) {
        values.forEach((name, all) -> all.forEach(value -> each.accept(name, value)));
    }

    /// A copy without the fields that concern one connection only: those of RFC 9110 §7.6.1 and those that `Connection`
    /// names.
    Headers endToEnd() {
        Set<String> dropped = new HashSet<>(HOP_BY_HOP);
        for (String value : values.getOrDefault("Connection", List.of()))
            for (String name : value.split(",")) dropped.add(name.strip().toLowerCase(Locale.ROOT));
        var kept = new Headers();
        forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!dropped.contains(lower) && !lower.startsWith("proxy-")) kept.add(name, value);
        });
        return kept;
    }

    /// Is that name among those that the message came through?
    boolean cameThrough(String instanceName) {
        for (String value : values.getOrDefault(VIA, List.of()))
            for (String hop : value.split(",")) {
                String[] parts = hop.strip().split("\\s+");
                if (parts.length > 1 && parts[1].equals(instanceName)) return true;
            }
        return false;
    }

    /// Removes what only a signed hop may carry.
    void stripHop() {
        remove(Hop.FORWARD);
        remove(Hop.DEADLINE);
        remove(Hop.DIGEST);
        remove(RequestId.HEADER);
        stripSignature();
    }

    /// Removes our own signature; those of others stay.
    void stripSignature() {
        stripMember(HopSigner.INPUT);
        stripMember(HopSigner.SIGNATURE);
    }

    private void stripMember(String name) {
        List<String> all = values.remove(name);
        if (all == null) return;
        for (String value : all) {
            String rest = COMMA.splitAsStream(value)
                    .filter(member -> !member.isBlank() && !member.strip().startsWith("plumb="))
                    .collect(Collectors.joining(","));
            if (!rest.isEmpty()) add(name, rest.strip());
        }
    }
}

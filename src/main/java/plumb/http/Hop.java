package plumb.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import plumb.keyspace.Epoch;

/// What a forwarded request says of itself in the header `Plumb-Forward`: `from="i-3", epoch=17, hops=1`.
///
/// @param from the name of the instance that forwarded
/// @param epoch the range's epoch as that instance knows it
record Hop(String from, Epoch epoch) {
    static final String FORWARD = "Plumb-Forward";
    static final String DEADLINE = "Plumb-Deadline";
    static final String DIGEST = "Plumb-Digest";

    private static final Pattern SYNTAX = Pattern.compile("from=\"([A-Za-z0-9._~-]+)\", epoch=(\\d{1,18}), hops=1");

    static Optional<Hop> parse(String header) {
        Matcher matcher = SYNTAX.matcher(header);
        if (!matcher.matches()) return Optional.empty();
        return Optional.of(new Hop(matcher.group(1), new Epoch(Long.parseLong(matcher.group(2)))));
    }

    String header() {
        return "from=\"" + from + "\", epoch=" + epoch + ", hops=1";
    }
}

package usualpizza;

import java.util.List;
import java.util.regex.Pattern;
import plumb.Rejection;

/// Which versions a change may replace, as the client's `If-Match` says (RFC 9110 §13.1.1).
///
/// @param any none was sent, or `*`
/// @param absent also what does not exist yet: none was sent
record IfMatch(boolean any, boolean absent, List<String> tags) {
    /// No condition.
    static final IfMatch NONE = new IfMatch(true, true, List.of());

    private static final Pattern TAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e]*\"");

    /// @param fields the values of all `If-Match` fields
    static IfMatch of(List<String> fields) {
        String all = String.join(",", fields).strip();
        if (fields.isEmpty()) return NONE;
        if (all.equals("*")) return new IfMatch(true, false, List.of());
        var tags = Pattern.compile(",").splitAsStream(all).map(String::strip).toList();
        for (String tag : tags)
            if (!TAG.matcher(tag).matches())
                throw new Rejection(400, "invalid", "If-Match: lists entity tags in double quotes, or is *.");
        return new IfMatch(false, false, tags);
    }

    static String tag(long version) {
        return Long.toString(version);
    }

    /// The client has that version already, says its `If-None-Match` (compared weakly).
    static boolean isKnown(List<String> fields, long version) {
        return fields.stream()
                .flatMap(field -> Pattern.compile(",").splitAsStream(field))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(quoted(version)) || tag.equals("W/" + quoted(version)));
    }

    /// Refuses a change of that version. Weak tags never match.
    void check(long version) {
        if (!any && !tags.contains(quoted(version))) throw stale("it is at version " + version);
    }

    private static String quoted(long version) {
        return '"' + tag(version) + '"';
    }

    /// Refuses a creation.
    void checkAbsent() {
        if (!absent) throw stale("there is no such customer");
    }

    private static Rejection stale(String why) {
        return new Rejection(412, "stale", "If-Match: names another version than the current one; " + why + ".");
    }
}

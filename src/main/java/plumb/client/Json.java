package plumb.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads JSON (RFC 8259) into maps, lists, texts, numbers, booleans and nulls. So small because a client should need
/// nothing but the JDK.
final class Json {
    private static final int DEEPEST = 100;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /// @return whole numbers as `Long`, others as `Double`
    /// @throws IllegalArgumentException if it is no JSON
    static @Nullable Object parse(String text) {
        var reader = new Json(text);
        Object value = reader.value(0);
        if (reader.peek() != 0) throw reader.bad();
        return value;
    }

    private @Nullable Object value(int depth) {
        if (depth > DEEPEST) throw bad();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object(int depth) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        expect('{');
        if (skipped('}')) return members;
        do {
            if (peek() != '"') throw bad();
            String name = string();
            expect(':');
            members.put(name, value(depth + 1));
        } while (skipped(','));
        expect('}');
        return members;
    }

    private List<@Nullable Object> array(int depth) {
        var elements = new ArrayList<@Nullable Object>();
        expect('[');
        if (skipped(']')) return elements;
        do elements.add(value(depth + 1));
        while (skipped(','));
        expect(']');
        return elements;
    }

    private String string() {
        expect('"');
        var string = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') return string.toString();
            if (c < ' ') throw bad();
            string.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw bad();
        };
    }

    private char hex() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0) throw bad();
            code = code * 16 + digit;
        }
        return (char) code;
    }

    private Number number() {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
        String digits = text.substring(from, at);
        if (!digits.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) throw bad();
        if (digits.matches("-?\\d{1,18}")) return Long.valueOf(digits);
        return Double.valueOf(digits);
    }

    private @Nullable Object word(String word, @Nullable Object meaning) {
        if (!text.startsWith(word, at)) throw bad();
        at += word.length();
        return meaning;
    }

    private char next() {
        if (at >= text.length()) throw bad();
        return text.charAt(at++);
    }

    /// The next character that is no space; 0: the end.
    private char peek() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void expect(char c) {
        if (!skipped(c)) throw bad();
    }

    private boolean skipped(char c) {
        if (peek() != c) return false;
        at++;
        return true;
    }

    private IllegalArgumentException bad() {
        return new IllegalArgumentException("no JSON at " + at);
    }
}

package plumb.keyspace;

import java.util.HexFormat;

/// What a domain's keys are, and hence their one canonical spelling: two spellings of one key must have one slot.
public enum KeyType {
    UUID {
        @Override
        public String canonical(String text) {
            // fromString also takes short, long and signed groups; only the usual form is a key, in either case
            if (!isUsual(text)) throw new IllegalArgumentException("not a UUID: " + abbreviated(text));
            return java.util.UUID.fromString(text).toString();
        }

        @Override
        public Object value(String canonical) {
            return java.util.UUID.fromString(canonical);
        }
    },
    LONG {
        @Override
        public String canonical(String text) {
            try {
                return Long.toString(Long.parseLong(text));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("not a whole number: " + abbreviated(text), e);
            }
        }

        @Override
        public Object value(String canonical) {
            return Long.valueOf(canonical);
        }
    },
    STRING {
        @Override
        public String canonical(String text) {
            if (text.isEmpty() || text.length() > MAX_LENGTH)
                throw new IllegalArgumentException("a key has 1 to " + MAX_LENGTH + " characters");
            return text;
        }

        @Override
        public Object value(String canonical) {
            return canonical;
        }
    };

    /// The longest text key, in characters.
    public static final int MAX_LENGTH = 200;

    /// The canonical spelling.
    ///
    /// @throws IllegalArgumentException if the text is no key of this type; the message is fit for the caller's eyes
    public abstract String canonical(String text);

    /// A key that is as good as any.
    public String example() {
        return switch (this) {
            case UUID -> "00000000-0000-0000-0000-000000000000";
            case LONG, STRING -> "0";
        };
    }

    /// The typed value of a canonical text: a `UUID`, `Long` or `String`.
    public abstract Object value(String canonical);

    /// The type whose keys are instances of that class.
    public static KeyType of(Class<?> type) {
        if (type == java.util.UUID.class) return UUID;
        if (type == Long.class || type == long.class) return LONG;
        if (type == String.class) return STRING;
        throw new IllegalArgumentException("a key is a UUID, a long or a String, not " + type.getName());
    }

    private static boolean isUsual(String uuid) {
        if (uuid.length() != 36) return false;
        for (int i = 0; i < 36; i++) {
            char c = uuid.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : !HexFormat.isHexDigit(c)) return false;
        }
        return true;
    }

    private static String abbreviated(String text) {
        return text.length() <= 50 ? text : text.substring(0, 50) + "…";
    }
}

package plumb.keyspace;

/// What a request is about: a domain ("customer") and the key's canonical text in it.
public record Key(String domain, String text) {
    public static Key of(String domain, KeyType type, String spelling) {
        return new Key(domain, type.canonical(spelling));
    }

    public Slot slot() {
        return Slot.of(text);
    }

    @Override
    public String toString() {
        return domain + "/" + text;
    }
}

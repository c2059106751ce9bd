package plumb.keyspace;

import java.util.Map;

/// The domains of this application, with their types of key.
public record Domains(Map<String, KeyType> types) {
    public Domains {
        types = Map.copyOf(types);
    }

    public boolean has(String domain) {
        return types.containsKey(domain);
    }

    /// The key that a text spells.
    ///
    /// @throws IllegalArgumentException if it is no key of that domain, or there is no such domain
    public Key key(String domain, String spelling) {
        KeyType type = types.get(domain);
        if (type == null) throw new IllegalArgumentException("no such domain: " + domain);
        return Key.of(domain, type, spelling);
    }
}

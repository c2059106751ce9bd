package plumb.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a person may do. Each may what those before it may.
public enum Role {
    /// Sees everything but people's keys and state.
    VIEWER,
    /// Moves ranges, drains instances, sees keys.
    OPERATOR,
    /// Lets people in and keeps them out.
    ADMIN;

    /// As the server knows it, where the server says who somebody is.
    public String inServer() {
        return "plumb-" + inTable();
    }

    /// As it is written down.
    String inTable() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Empty: there is no such role.
    public static Optional<Role> of(String inTable) {
        return Stream.of(values())
                .filter(role -> role.inTable().equals(inTable))
                .findFirst();
    }

    boolean covers(Role other) {
        return compareTo(other) >= 0;
    }
}

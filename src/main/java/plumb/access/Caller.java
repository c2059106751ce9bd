package plumb.access;

import java.security.Principal;

/// Somebody who has shown who he is.
public record Caller(String name, Role role) implements Principal {
    @Override
    public String getName() {
        return name;
    }
}

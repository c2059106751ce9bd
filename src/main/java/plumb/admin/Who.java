package plumb.admin;

import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import plumb.access.Role;
import plumb.http.HttpSettings;
import plumb.ownership.Decision;

/// Who asks.
final class Who {
    private Who() {}

    /// What is written down of a change: a person's name, or that it was a script, and where it was asked for.
    static Decision decides(SecurityContext caller, HttpSettings settings, String reason) {
        Principal person = caller.getUserPrincipal();
        return new Decision(
                (person == null ? "a script" : person.getName()) + " on " + settings.instanceName(), reason);
    }

    static boolean seesKeysMasked(SecurityContext caller) {
        return !caller.isUserInRole(Role.OPERATOR.inServer());
    }
}

package plumb.runtime;

import jakarta.validation.Validator;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import plumb.http.Json;

/// Reads and validates an empty body of each type, as the server does when a client sends `{}`, and calls nothing.
final class ClientBodies {
    private static final Logger LOG = System.getLogger(ClientBodies.class.getName());

    private ClientBodies() {}

    static void rehearse(Set<Class<?>> types, Validator validator) {
        for (Class<?> type : types) {
            try {
                Object body = Json.binding().read("{}", type);
                validator.validate(body);
                Json.binding().write(body);
            } catch (RuntimeException e) { // it insists on its contents
                LOG.log(Level.DEBUG, () -> "an empty " + type.getName(), e);
            }
        }
    }
}

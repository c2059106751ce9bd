package plumb.http;

import jakarta.annotation.Priority;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.ws.rs.ext.ContextResolver;
import jakarta.ws.rs.ext.Provider;

/// One JSON-B for all bodies. RESTEasy makes a new one for each where nobody offers one, and a new one looks at every
/// class anew: that was two thirds of an order's processor time (decision 0026). Last in line, because an application
/// may offer its own.
@Provider
@Priority(Integer.MAX_VALUE)
public class SharedJsonb implements ContextResolver<Jsonb> {
    private final Jsonb jsonb = JsonbBuilder.create();

    @Override
    public Jsonb getContext(Class<?> type) {
        return jsonb;
    }
}

package plumb.http;

import jakarta.annotation.Priority;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.ws.rs.ext.ContextResolver;
import jakarta.ws.rs.ext.Provider;

/// One JSON-B for all bodies. RESTEasy makes a new one for each where nobody offers one, which looks at every class
/// anew:
/// that was a third of an order's processor time. An application's own comes first.
@Provider
@Priority(Integer.MAX_VALUE)
public class SharedJsonb implements ContextResolver<Jsonb> {
    private final Jsonb jsonb = JsonbBuilder.create();

    @Override
    public Jsonb getContext(Class<?> type) {
        return jsonb;
    }
}

package plumb.http;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;

/// Values as JSON, which is how they travel between instances and are kept.
public interface Json {
    String write(Object value);

    /// @throws RuntimeException if it is no JSON of that type
    <A> A read(String json, Class<A> type);

    /// The server's JSON-B.
    static Json binding() {
        return Binding.SHARED;
    }

    /// Made at its first use, which is inside the application, because that may have a JSON-B of its own.
    final class Binding implements Json {
        private static final Json SHARED = new Binding();

        private final Jsonb jsonb = JsonbBuilder.create();

        private Binding() {}

        @Override
        public String write(Object value) {
            return jsonb.toJson(value);
        }

        @Override
        public <A> A read(String json, Class<A> type) {
            return jsonb.fromJson(json, type);
        }
    }
}

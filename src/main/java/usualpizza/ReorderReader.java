package usualpizza;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads an empty body as "as usual": the servers' own JSON readers call it an error as soon as the client names JSON.
@Provider
@Consumes(MediaType.APPLICATION_JSON)
public class ReorderReader implements MessageBodyReader<ReorderRequest> {
    private final Jsonb jsonb = JsonbBuilder.create();

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == ReorderRequest.class;
    }

    @Override
    public ReorderRequest readFrom(
            Class<ReorderRequest> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> httpHeaders,
            InputStream entityStream)
            throws IOException {
        // whole, because whether it is empty is known only at its end; the plumbing bounds its length
        String text = new String(entityStream.readAllBytes(), StandardCharsets.UTF_8);
        if (text.isBlank()) return ReorderRequest.AS_USUAL;
        @Nullable ReorderRequest read = jsonb.fromJson(text, ReorderRequest.class);
        return read == null ? ReorderRequest.AS_USUAL : read;
    }
}

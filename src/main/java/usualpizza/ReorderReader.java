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
import java.io.PushbackInputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
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
        // not into a text first: the plumbing bounds the stream, also for a reader that does not notice its end
        var body = new PushbackInputStream(entityStream);
        int first = firstOf(body);
        if (first < 0) return ReorderRequest.AS_USUAL;
        body.unread(first);
        @Nullable ReorderRequest read = jsonb.fromJson(body, ReorderRequest.class);
        return read == null ? ReorderRequest.AS_USUAL : read;
    }

    /// The first byte that is not blank; -1: all is.
    private static int firstOf(InputStream body) throws IOException {
        int read = body.read();
        while (read >= 0 && Character.isWhitespace(read)) read = body.read();
        return read;
    }
}

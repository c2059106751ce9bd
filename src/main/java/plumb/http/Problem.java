package plumb.http;

import jakarta.json.spi.JsonProvider;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer that says no, as `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
/// Immutable.
///
/// @param type the last part of the type's address, `not-owner`
/// @param detail one sentence for a person; never internals
/// @param members further members of the body, as JSON-P can write them
/// @param headers further headers of the answer
/// @param cause for the log, never for the caller; null: nothing is wrong with us
public record Problem(
        int status,
        String type,
        String detail,
        Map<String, Object> members,
        Map<String, String> headers,
        @Nullable Throwable cause) {

    /// What the types' addresses begin with; each is documented there.
    public static final String BASE = "https://plumb.example/problems/";

    /// The media type, as a text for annotations.
    public static final String MEDIA_TYPE = "application/problem+json";

    static final MediaType MEDIA = new MediaType("application", "problem+json");

    private static final Map<Integer, String> TITLES = Map.of(
            421, "Misdirected Request",
            422, "Unprocessable Content",
            425, "Too Early",
            428, "Precondition Required",
            429, "Too Many Requests",
            508, "Loop Detected");

    public Problem {
        members = Map.copyOf(members);
        headers = Map.copyOf(headers);
    }

    public static Problem of(int status, String type, String detail) {
        return new Problem(status, type, detail, Map.of(), Map.of(), null);
    }

    /// Adds a member to the body.
    public Problem with(String member, Object value) {
        var more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(status, type, detail, more, headers, cause);
    }

    /// Adds a header to the answer.
    public Problem header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(status, type, detail, members, more, cause);
    }

    /// Says when it is worth trying again: whole seconds in the header, at least one, and exactly in the body.
    public Problem retryAfter(Duration after) {
        long seconds = Math.max(1, (after.toMillis() + 999) / 1000);
        return header(HttpHeaders.RETRY_AFTER, Long.toString(seconds)).with("retryAfterMs", after.toMillis());
    }

    Problem because(Throwable reason) {
        return new Problem(status, type, detail, members, headers, reason);
    }

    /// The same under another status, without the promise of a later try.
    Problem misdirected() {
        var kept = new LinkedHashMap<>(headers);
        kept.remove(HttpHeaders.RETRY_AFTER);
        return new Problem(421, type, detail, members, kept, cause);
    }

    /// The phrase of the status.
    public String title() {
        String special = TITLES.get(status);
        if (special != null) return special;
        Response.Status known = Response.Status.fromStatusCode(status);
        return known == null ? "Error" : known.getReasonPhrase();
    }

    /// The body.
    ///
    /// @param instance the URN of this occurrence
    public String json(String instance) {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", BASE + type);
        body.put("title", title());
        body.put("status", status);
        body.put("detail", detail);
        body.put("instance", instance);
        members.forEach(body::putIfAbsent);
        return Json.PROVIDER.createObjectBuilder(body).build().toString();
    }

    /// The answer; its entity is this object, which [ProblemFilter] finishes and writes.
    public Response response() {
        var builder = Response.status(status).type(MEDIA).entity(this).header(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.forEach(builder::header);
        return builder.build();
    }

    private static final class Json {
        static final JsonProvider PROVIDER = JsonProvider.provider(); // once: each look-up scans the class path
    }
}

package plumb;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Sends requests to the resource of a key, whoever owns it: what one handler wants of another that may live on another
/// instance, where [Keyed] says [NotOwner]. Injectable everywhere.
///
/// ```java
/// usuals.at(giver).call(usual -> usual.pay(gift))                       // completes after the commit, and then:
///         .thenCompose(paid -> peers.send(Peers.post("customer", friend, "customers/{customer}/orders")
///                 .body(gift).once("gift-" + paid.id())))
///         .thenApply(answer -> answer.as(OrderView.class));
/// ```
///
/// The request goes over HTTP to the owner's resource, as a signed hop, **also if this instance is the owner**: the
/// same checks run, and a key that moves changes nothing. It waits and is repeated as a client's request is.
///
/// - *Deadline*: what is left to the request that the calling thread works on (in a turn, in a resource method, in a
///   stage built on an answer), or less if the message says so; it travels along.
/// - *At most once* without [Message#once]: a request whose answer is lost is not repeated, and ends as
///   [OutcomeUnknown] unless it only reads. *Once* with it: it is repeated as long as the answer is unknown, at most
///   once more, under one [RequestId]; the resource must be [Idempotent].
/// - *From within a turn* a request leaves **before the turn's commit**, and a turn may run twice. So there it
///   may read, or needs [Message#once]; what must not happen unless the turn commits is built on the stage of the call,
/// as above.
///   Waiting for the answer in a turn keeps all others of the key waiting, and two handlers that wait for each other
///   are freed by the deadline only.
@FunctionalInterface
public interface Peers {
    /// Does not block, and holds neither a worker nor a key's thread while it is under way.
    ///
    /// The stage completes on a virtual thread with what the owner's resource answered, whatever its status. It
    /// completes exceptionally with a [Refusal] (not applied) or [OutcomeUnknown], as that of [Keyed.At#call] does.
    ///
    /// @throws IllegalArgumentException if there is no such domain, or the key is none of its keys
    /// @throws IllegalStateException in a turn, if it is to change something without [Message#once]
    CompletionStage<Answer> send(Message message);

    /// What the owner's resource answered.
    interface Answer {
        int status();

        /// The first of that name.
        Optional<String> header(String name);

        /// The body as it came.
        String text();

        /// The body, from JSON.
        ///
        /// @throws RuntimeException if it is something else
        <T> T as(Class<T> type);
    }

    /// Reads.
    static Message get(String domain, Object key, String path) {
        return new Message("GET", domain, key, path);
    }

    /// Adds something.
    static Message post(String domain, Object key, String path) {
        return new Message("POST", domain, key, path);
    }

    /// Sets something.
    static Message put(String domain, Object key, String path) {
        return new Message("PUT", domain, key, path);
    }

    /// Takes something away.
    static Message delete(String domain, Object key, String path) {
        return new Message("DELETE", domain, key, path);
    }

    /// One request.
    ///
    /// @param path below `/api`, as in the resource's `@Path`, with one `{parameter}` where the key goes; may have a
    ///     query
    /// @param body a text as it is; anything else becomes JSON; null: none
    /// @param requestId null: nobody repeats it
    /// @param longest if less than what is left to the caller; null: all of that
    record Message(
            String method,
            String domain,
            Object key,
            String path,
            @Nullable Object body,
            Map<String, String> headers,
            @Nullable RequestId requestId,
            @Nullable Duration longest) {
        private static final Set<String> SAFE = Set.of("GET", "HEAD");
        private static final Pattern TOKEN = Pattern.compile("[A-Z]{1,20}");
        private static final Pattern PATH =
                Pattern.compile("[^\\s/{}#?][^\\s{}#?]*/\\{[A-Za-z_][A-Za-z0-9_-]*}(/[^\\s{}#?]*)?(\\?[^\\s{}#]*)?");

        public Message {
            if (!TOKEN.matcher(method).matches()) throw new IllegalArgumentException("no method: " + method);
            if (!PATH.matcher(path).matches())
                throw new IllegalArgumentException("a path is like customers/{customer}/orders, not " + path);
            headers = Map.copyOf(headers);
        }

        Message(String method, String domain, Object key, String path) {
            this(method, domain, key, path, null, Map.of(), null, null);
        }

        public Message body(Object with) {
            return new Message(method, domain, key, path, with, headers, requestId, longest);
        }

        public Message header(String name, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Message(method, domain, key, path, body, more, requestId, longest);
        }

        /// The resource is [Idempotent], and this names the request, now and whenever it is sent again.
        ///
        /// @param name unique per key of the receiver; 1 to 200 visible ASCII characters
        public Message once(String name) {
            return new Message(method, domain, key, path, body, headers, RequestId.ofHandler(name), longest);
        }

        /// Not longer than that.
        public Message within(Duration time) {
            return new Message(method, domain, key, path, body, headers, requestId, time);
        }

        /// Nothing is changed by it.
        public boolean isSafe() {
            return SAFE.contains(method);
        }
    }
}

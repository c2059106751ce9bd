package plumb.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.Peers;
import plumb.RequestId;
import plumb.dispatch.AnswerDeadline;
import plumb.dispatch.Turn;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;

/// [Peers] over the same way to the owner that clients' requests take: [Steering], and the hops that it makes. Their
/// numbers are its bounds: what is too much is refused at once. Thread-safe.
public final class PeerCalls implements Peers {
    private static final String JSON = "application/json";

    private final HttpSettings settings;
    private final Domains domains;
    private final Steering steering;
    private final boolean signing;
    private final Json json;
    private final Supplier<Deadline> callersDeadline;
    private final Executor executor;
    private final LongSupplier nanoTime;

    /// @param callersDeadline of the request that the calling thread works on
    /// @param executor gives each task a thread of its own, which may block
    public PeerCalls(
            HttpSettings settings,
            Domains domains,
            Steering steering,
            Json json,
            Supplier<Deadline> callersDeadline,
            Executor executor,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.domains = domains;
        this.steering = steering;
        this.signing = !settings.secrets().isEmpty();
        this.json = json;
        this.callersDeadline = callersDeadline;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    @Override
    public CompletionStage<Answer> send(Message message) {
        if (Turn.isBound() && !message.isSafe() && message.requestId() == null)
            throw new IllegalStateException("a turn may run twice, so what a request sends to change something needs a"
                    + " name: " + message.method() + " " + message.path() + " without once(…)");
        Arrival request = request(message);
        var answer = new CompletableFuture<Answer>();
        try {
            executor.execute(() -> complete(answer, request));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedStage(new NotOwner("this instance is stopping"));
        }
        return answer;
    }

    private Arrival request(Message message) {
        Key key = domains.key(message.domain(), message.key().toString());
        URI address = URI.create("/api/" + withKey(message.path(), key));
        byte[] body = body(message.body());
        if (body.length > settings.bodyLimit())
            throw new IllegalArgumentException("the body is larger than " + settings.bodyLimit() + " bytes");
        var request = new HopRequest(
                message.method(),
                address.getRawPath(),
                address.getRawQuery(),
                headers(message),
                "http",
                "unknown",
                new HopBody(new ByteArrayInputStream(body), body.length));
        boolean named = message.requestId() != null;
        return new Arrival(key, request, deadline(message), null, named, named);
    }

    private static String withKey(String path, Key key) {
        String encoded = URLEncoder.encode(key.text(), UTF_8).replace("+", "%20");
        return path.substring(0, path.indexOf('{')) + encoded + path.substring(path.indexOf('}') + 1);
    }

    private byte[] body(@Nullable Object body) {
        return switch (body) {
            case null -> new byte[0];
            case String text -> text.getBytes(UTF_8);
            default -> json.write(body).getBytes(UTF_8);
        };
    }

    private Headers headers(Message message) {
        var headers = new Headers();
        headers.set("Accept", JSON);
        if (message.body() != null) headers.set("Content-Type", JSON);
        message.headers().forEach(headers::set);
        headers.stripHop();
        RequestId id = message.requestId();
        headers.set(RequestId.HEADER, (id == null ? RequestId.minted() : id).text());
        // a peer that shares no secret with us believes a client's word only
        if (!signing && id != null) headers.set(RequestIds.IDEMPOTENCY_KEY, id.key());
        return headers;
    }

    private Deadline deadline(Message message) {
        Deadline callers = callersDeadline.get();
        if (message.longest() == null) return callers;
        long now = nanoTime.getAsLong();
        Deadline own = Deadline.in(message.longest(), now);
        return own.left(now).compareTo(callers.left(now)) < 0 ? own : callers;
    }

    private void complete(CompletableFuture<Answer> answer, Arrival request) {
        Answer given = null;
        Throwable failure = null;
        try {
            given = answerTo(request);
        } catch (Throwable e) {
            failure = e;
        }
        Answer of = given;
        Throwable why = failure;
        AnswerDeadline.during(request.deadline(), () -> {
            if (of != null) answer.complete(of);
            else answer.completeExceptionally(why);
        });
    }

    private Answer answerTo(Arrival request) {
        return switch (steering.send(request)) {
            case Course.Relayed relayed ->
                read(relayed.answer(), request.request().isSafe());
            case Course.Refused refused -> throw refusal(refused.problem());
            case Course.Here here -> throw new IllegalStateException("not over HTTP: " + here);
            case Course.Redirected redirected -> throw new IllegalStateException("not to the owner: " + redirected);
        };
    }

    private static RuntimeException refusal(Problem problem) {
        RuntimeException known = PeerAnswer.refusal(problem.status(), problem.type(), problem.detail());
        return known != null ? known : new IllegalStateException(problem.type() + ": " + problem.detail());
    }

    private PeerAnswer read(HopAnswer answer, boolean safe) {
        try (var body = new Bounded(settings.bodyLimit())) {
            answer.writeTo(body);
            var read = new PeerAnswer(answer.status(), answer.headers(), body.toByteArray(), json);
            RuntimeException refusal = read.refusal();
            if (refusal != null) throw refusal;
            return read;
        } catch (IOException | UncheckedIOException e) {
            String what = "the answer with status " + answer.status() + " could not be read: " + e.getMessage();
            throw safe ? new NotOwner(what) : new OutcomeUnknown(what);
        } finally {
            answer.release();
        }
    }

    private static final class Bounded extends ByteArrayOutputStream {
        private final int limit;

        Bounded(int limit) {
            this.limit = limit;
        }

        @Override
        public synchronized void write(byte[] from, int start, int length) {
            if (size() + length > limit)
                throw new UncheckedIOException(new IOException("it has more than " + limit + " bytes"));
            super.write(from, start, length);
        }
    }
}

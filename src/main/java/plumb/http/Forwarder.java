package plumb.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageHeaders;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.keyspace.Incarnation;
import plumb.ownership.InstanceRow;
import plumb.routing.Route;
import plumb.routing.Routes;

/// Sends a request to the owner of its key: one signed hop over pooled HTTP/1.1. Does not decide about repeating;
/// [Steering] does. Thread-safe; a hop blocks its thread, at most until the deadline.
public final class Forwarder implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());

    private final HttpSettings settings;
    private final HopHeaders headers;
    private final HopSigner signer;
    private final PeerClocks clocks = new PeerClocks();
    private final HopClient client;
    private final InFlight inFlight;
    private final InFlight streams;
    private final Waiting waiting;
    private final HttpStats stats;
    private final LongSupplier nanoTime;
    private final Consumer<InstanceRow> refused;

    /// @param refused told of each peer that refused a connection, a hint that it died; runs on the request's thread,
    ///     must neither block nor throw
    public Forwarder(
            HttpSettings settings,
            HopSigner signer,
            Routes routes,
            HttpStats stats,
            LongSupplier nanoTime,
            Consumer<InstanceRow> refused) {
        this.settings = settings;
        this.headers = new HopHeaders(settings, signer);
        this.signer = signer;
        this.client = new HopClient(settings);
        this.inFlight = new InFlight(settings.perPeer(), settings.maxForwards());
        this.streams = new InFlight(part(settings.perPeer()), part(settings.maxForwards()));
        this.waiting = new Waiting(routes);
        this.stats = stats;
        this.nanoTime = nanoTime;
        this.refused = refused;
    }

    /// True: the owner will believe the request id, so it means the same thing at every repetition.
    boolean isSigning() {
        return headers.isSigning();
    }

    HopResult forward(HopRequest request, Route.Remote route, Deadline deadline) {
        if (request.headers().cameThrough(settings.instanceName()))
            return new HopResult.Refused(Problem.of(508, "loop", "The request came through this instance before."));
        if (!headers.maySendTo(URI.create(route.owner().info().url()))) return new HopResult.Refused(noSecret());
        try {
            // before a place is taken: whoever sends his drop by drop would hold one of few
            boolean streamed = request.body().length() < 0;
            return streamed ? stream(request, route, deadline) : send(request, route, deadline, () -> {});
        } catch (IOException e) {
            return unread(e);
        }
    }

    /// A body that is too long to be kept goes on as fast as its client sends it. Only a part of the places is for
    /// those.
    private HopResult stream(HopRequest request, Route.Remote route, Deadline deadline) {
        Incarnation owner = route.owner().incarnation();
        if (!streams.tryEnter(owner)) return failed(HopFailure.FULL, route.owner(), null);
        return send(request, route, deadline, () -> streams.leave(owner));
    }

    private HopResult send(HopRequest request, Route.Remote route, Deadline deadline, Runnable also) {
        InstanceRow owner = route.owner();
        if (!inFlight.tryEnter(owner.incarnation())) {
            also.run();
            return failed(HopFailure.FULL, owner, null);
        }
        var leave = once(() -> {
            inFlight.leave(owner.incarnation());
            also.run();
        });
        HopResult result = null;
        try {
            result = exchange(request, route, deadline, leave);
            return result;
        } finally {
            // a streamed answer keeps its place until it is released
            if (!(result instanceof HopResult.Answered answered)
                    || answered.answer().isWhole()) leave.run();
        }
    }

    private HopResult exchange(HopRequest request, Route.Remote route, Deadline deadline, Runnable leave) {
        URI peer = URI.create(route.owner().info().url());
        long sent = nanoTime.getAsLong();
        Duration timeout = shorter(deadline.left(sent), settings.forwardTimeout());
        var message = new HttpUriRequestBase(request.method(), peer);
        try (Waiting.Hope hope = waiting.begin(route.owner().incarnation(), message)) {
            try {
                write(message, request, route, timeout);
                ClassicHttpResponse response = client.send(HttpHost.create(peer), message, timeout);
                stats.forwarded(nanoTime.getAsLong() - sent);
                return told(message, response, route) ? skewed(response, route) : read(response, request, route, leave);
            } catch (Uploads.Refused | HopBody.ClientGone e) {
                return unread(e);
            } catch (IOException e) {
                return failed(hope.isAbandoned() ? HopFailure.ABANDONED : failure(e), route.owner(), e);
            } catch (IllegalStateException e) { // the client's word for "cancelled" between two of its steps
                if (!hope.isAbandoned()) throw e;
                return failed(HopFailure.ABANDONED, route.owner(), null);
            }
        }
    }

    private void write(HttpUriRequestBase message, HopRequest request, Route.Remote route, Duration timeout)
            throws IOException {
        String path = URI.create(route.owner().info().url()).getRawPath() + request.path();
        message.setPath(request.query() == null ? path : path + "?" + request.query());
        Duration ahead = clocks.ahead(route.owner().incarnation());
        headers.request(request, path, new Hop(settings.instanceName(), route.epoch()), timeout, ahead)
                .forEach(message::addHeader);
        long length = request.body().length();
        if (length != 0) message.setEntity(new HopClient.Entity(request.body(), length));
    }

    /// True: it was no answer to the request, the peer has told us its clock instead.
    private boolean told(HttpUriRequestBase hop, ClassicHttpResponse response, Route.Remote route) {
        if (response.getCode() != HopSigner.OUT_OF_TIME) return false;
        Optional<Duration> ahead = signer.ahead(
                String.valueOf(first(hop, HopSigner.SIGNATURE)),
                first(response, HopSigner.INPUT),
                first(response, HopSigner.SIGNATURE));
        ahead.ifPresent(by -> clocks.learn(route.owner().incarnation(), by));
        return ahead.isPresent();
    }

    private static @Nullable String first(MessageHeaders message, String name) {
        Header header = message.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    private HopResult skewed(ClassicHttpResponse response, Route.Remote route) {
        close(response);
        return failed(HopFailure.SKEWED, route.owner(), null);
    }

    private HopResult read(ClassicHttpResponse response, HopRequest request, Route.Remote route, Runnable leave)
            throws IOException {
        boolean handedOn = false;
        try {
            if (response.getCode() == 421) return failed(HopFailure.MISDIRECTED, route.owner(), null);
            if (!isAnInstances(response)) return failed(notAnInstances(response), route.owner(), null);
            HttpEntity entity = response.getEntity();
            if (entity != null && entity.getContentLength() < 0 && !entity.isChunked())
                return failed(
                        HopFailure.RUBBISH, route.owner(), null); // it ends with the connection: perhaps too early
            InputStream body = entity == null ? InputStream.nullInputStream() : entity.getContent();
            byte[] head = body.readNBytes(settings.bufferLimit() + 1);
            String scheme = URI.create(route.owner().info().url()).getScheme();
            Headers relayed = headers.answer(received(response), request, scheme);
            if (head.length <= settings.bufferLimit())
                return new HopResult.Answered(HopAnswer.whole(response.getCode(), relayed, head));
            handedOn = true;
            return new HopResult.Answered(HopAnswer.streamed(response.getCode(), relayed, head, body, once(() -> {
                close(response);
                leave.run();
            })));
        } finally {
            if (!handedOn) close(response);
        }
    }

    /// Whatever the application at the peer says carries either.
    private static boolean isAnInstances(ClassicHttpResponse response) {
        Header type = response.getFirstHeader("Content-Type");
        return response.containsHeader(OwnerHeaders.OWNER)
                || (type != null && type.getValue().startsWith("application/problem+json"));
    }

    private static HopFailure notAnInstances(ClassicHttpResponse response) {
        boolean unavailable = response.getCode() == 404 || response.getCode() == 503;
        return unavailable ? HopFailure.ABSENT : HopFailure.RUBBISH;
    }

    private static Headers received(ClassicHttpResponse response) {
        var received = new Headers();
        for (Header header : response.getHeaders()) received.add(header.getName(), header.getValue());
        return received;
    }

    private HopResult failed(HopFailure failure, InstanceRow owner, @Nullable IOException cause) {
        stats.add(failure);
        Incarnation peer = owner.incarnation();
        LOG.log(System.Logger.Level.DEBUG, () -> "hop to " + owner.info().name() + " " + peer + ": " + failure, cause);
        if (failure == HopFailure.REFUSED) refused.accept(owner);
        return new HopResult.Failed(failure);
    }

    private static HopFailure failure(IOException e) {
        return switch (e) {
            case ConnectionRequestTimeoutException full -> HopFailure.FULL;
            case ConnectTimeoutException slow -> HopFailure.CONNECT;
            case NoRouteToHostException nowhere -> HopFailure.CONNECT;
            case UnknownHostException unknown -> HopFailure.CONNECT;
            case ConnectException refused -> HopFailure.REFUSED;
            case SSLHandshakeException stranger -> HopFailure.CONNECT; // nothing is read before it is over
            case SocketTimeoutException late -> HopFailure.TIMEOUT;
            case ClientProtocolException rubbish -> HopFailure.RUBBISH;
            case MalformedChunkCodingException rubbish -> HopFailure.RUBBISH;
            default -> HopFailure.CUT;
        };
    }

    /// The client's body was not read to its end, so no complete request was sent to anybody.
    private static HopResult unread(IOException e) {
        return new HopResult.Refused(
                e instanceof Uploads.Refused refused
                        ? refused.problem()
                        : Problem.of(400, "incomplete-body", "The body ended before its end."));
    }

    private static Problem noSecret() {
        return Problem.of(
                503, "no-forward-secret", "Instances share no secret, so they do not forward beyond this machine.");
    }

    private static int part(int places) {
        return Math.max(1, places / 4);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Runnable once(Runnable action) {
        var done = new AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) action.run();
        };
    }

    private static void close(ClassicHttpResponse response) {
        try {
            response.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing a hop", e);
        }
    }

    /// Closes all connections at once.
    @Override
    public void close() {
        client.close();
    }
}

package plumb.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.RequestId;

/// Writes what a forwarded request and its relayed answer say of the hop: `Via`, `Forwarded`, `Plumb-…` and the
/// signature. Immutable.
final class HopHeaders {
    private static final String HOST = "Host";
    private static final List<String> LINKS = List.of("Location", "Link");

    private final String via;
    private final @Nullable String authority;
    private final HopSigner signer;

    HopHeaders(HttpSettings settings, HopSigner signer) {
        this.via = "1.1 " + settings.instanceName();
        this.authority = URI.create(settings.publicUrl()).getRawAuthority();
        this.signer = signer;
    }

    boolean isSigning() {
        return signer.hasKeys();
    }

    /// Without a secret nothing leaves this machine: nobody could tell a hop from an outsider. May look the host's name
    /// up.
    boolean maySendTo(URI peer) {
        if (signer.hasKeys()) return true;
        try {
            return InetAddress.getByName(peer.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /// @param path as it will be sent
    /// @param timeout how long we shall wait for the answer
    /// @param ahead the peer's clock, of ours
    /// @throws IOException if the request's body cannot be read
    Headers request(HopRequest request, String path, Hop hop, Duration timeout, Duration ahead) throws IOException {
        Headers headers = request.headers().endToEnd();
        String requestId = request.headers().single(RequestId.HEADER);
        headers.stripHop();
        keepHost(headers, request);
        append(headers, Headers.VIA, via);
        append(headers, "Forwarded", forwarded(request));
        headers.set(Hop.FORWARD, hop.header());
        headers.set(Hop.DEADLINE, Long.toString(givenTo(timeout).toMillis()));
        if (requestId != null) headers.set(RequestId.HEADER, requestId);
        if (signer.hasKeys()) sign(headers, request, path, ahead);
        return headers;
    }

    /// The client's word for us, also if it says that it concerns this connection only. Without one, the library below
    /// would send the peer's address, and the owner would make the links in its answer of that.
    private void keepHost(Headers headers, HopRequest request) {
        List<String> hosts = request.headers().all(HOST);
        String host = hosts.isEmpty() ? authority : hosts.getFirst();
        if (host != null) headers.set(HOST, host);
    }

    private void sign(Headers headers, HopRequest request, String path, Duration ahead) throws IOException {
        String digest = request.body().digest();
        if (digest != null) headers.set(Hop.DIGEST, digest);
        var signature = signer.sign(signed(headers, request.method(), path, request.query()), ahead);
        append(headers, HopSigner.INPUT, signature.input());
        append(headers, HopSigner.SIGNATURE, signature.signature());
    }

    /// What a hop's signature covers. A field that is missing or stands there twice counts as empty.
    static HopSigner.Signed signed(Headers headers, String method, String path, @Nullable String query) {
        return new HopSigner.Signed(
                method,
                path,
                query,
                orEmpty(headers.single(Hop.FORWARD)),
                orEmpty(headers.single(Hop.DEADLINE)),
                orEmpty(headers.single(RequestId.HEADER)),
                orEmpty(headers.single(Hop.DIGEST)));
    }

    /// What the client gets of the owner's answer.
    ///
    /// @param scheme of the peer's address
    Headers answer(Headers received, HopRequest request, String scheme) {
        Headers headers = received.endToEnd();
        append(headers, Headers.VIA, via);
        if (!scheme.equals(request.scheme())) clientsScheme(headers, request, scheme);
        return headers;
    }

    /// The owner makes links of the client's host and of the scheme by which it was reached itself, which is ours.
    private static void clientsScheme(Headers headers, HopRequest request, String scheme) {
        String host = request.headers().all(HOST).stream().findFirst().orElse("");
        for (String name : LINKS) {
            List<String> links = headers.all(name);
            headers.remove(name);
            for (String link : links)
                headers.add(name, link.replace(scheme + "://" + host + "/", request.scheme() + "://" + host + "/"));
        }
    }

    // the owner gives up a little earlier, so that its "expired, not applied" is here before we stop listening
    private static Duration givenTo(Duration timeout) {
        Duration tenth = timeout.dividedBy(10);
        Duration early = tenth.compareTo(Duration.ofMillis(50)) < 0 ? tenth : Duration.ofMillis(50);
        return timeout.minus(early);
    }

    private static String forwarded(HopRequest request) {
        String address = request.remoteAddress();
        String node = address.indexOf(':') >= 0 ? "\"[" + address + "]\"" : address;
        String host = request.headers().single(HOST);
        String of = host == null ? "" : ";host=\"" + host.replaceAll("[\"\\\\]", "") + "\"";
        return "for=" + node + of + ";proto=" + request.scheme();
    }

    private static void append(Headers headers, String name, String value) {
        String before = headers.joined(name);
        headers.set(name, before == null ? value : before + ", " + value);
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}

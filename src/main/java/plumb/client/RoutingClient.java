package plumb.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sends requests straight to the instance that owns their key, so that they need no hop.
///
/// ```
/// try (var pizza = RoutingClient.of("customer", List.of(URI.create("http://pizza.example")))) {
///     var order = HttpRequest.newBuilder().POST(noBody()).header("Idempotency-Key", "tonight");
///     HttpResponse<String> answer = pizza.send(joe, "/api/customers/" + joe + "/orders", order, ofString());
/// }
/// ```
///
/// It keeps the domain's routing table fresh in one daemon virtual thread, by long-poll. Where it knows nothing, or the
/// owner does not answer, it asks any *door*: a seed, or another instance of the table. Every instance takes every
/// request, so a table that is old costs a hop and nothing else; answers say so (`Plumb-Owner`, `Plumb-Epoch`), and
/// then the table is read anew at once.
///
/// What is tried again, at another door: every request of which nothing was sent, because nobody could be connected
/// to; and once more, if it is not known what became of it, a GET, HEAD or OPTIONS, or a request with an
/// `Idempotency-Key`. Nothing else: not even a PUT, because a first attempt that is only slow would overwrite what
/// somebody has written after the second. An answer, whatever its status, is given to the caller.
///
/// Thread-safe. End it with [#close]; until then its thread lives.
public final class RoutingClient implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RoutingClient.class.getName());
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final HttpClient http;
    private final boolean ownsHttp;
    private final Doors doors;
    private final Watch watch;

    /// A client with connections of its own. Does not block: the table is read in the background.
    ///
    /// @param domain the domain of the keys, `customer`
    /// @param seeds where to ask first: addresses of instances or of a balancer, with the context path if there is one
    /// @throws IllegalArgumentException if there is no seed, or one is no `http` or `https` address
    public static RoutingClient of(String domain, List<URI> seeds) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL) // instances may be told to redirect, not to forward
                .build();
        return new RoutingClient(domain, seeds, http, true);
    }

    /// A client over connections of somebody else, who closes them: for certificates, proxies, authentication. It
    /// should have a short connect time-out, and follow redirects where instances redirect.
    ///
    /// @param domain the domain of the keys
    /// @param seeds where to ask first
    /// @param http not closed by [#close]
    /// @throws IllegalArgumentException if there is no seed, or one is no `http` or `https` address
    public RoutingClient(String domain, List<URI> seeds, HttpClient http) {
        this(domain, seeds, http, false);
    }

    private RoutingClient(String domain, List<URI> seeds, HttpClient http, boolean ownsHttp) {
        this.http = http;
        this.ownsHttp = ownsHttp;
        this.doors = new Doors(seeds);
        this.watch = new Watch(domain, doors, http);
        watch.start();
    }

    /// Sends a request to the owner of its key, or to any instance. Blocks until the answer's head is there, as
    /// [HttpClient#send] does.
    ///
    /// @param key any spelling of it that the domain takes
    /// @param path of the resource, below the context path: `/api/customers/…`, with the query if there is one
    /// @param request method, body, headers, time-out (for each attempt; 15 s if it has none); its address is set here.
    ///     The body must be publishable more than once, as those of the JDK are
    /// @param handler of the answer's body
    /// @return the owner's answer, or what an instance said instead of it
    /// @throws IOException if no door answered; also if one did not answer and the request must not be repeated: then
    ///     it is not known whether it was applied
    /// @throws InterruptedException if the caller was interrupted meanwhile; the outcome is not known then either
    /// @throws IllegalArgumentException if the path does not begin with a slash
    public <T> HttpResponse<T> send(String key, String path, HttpRequest.Builder request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        if (!path.startsWith("/")) throw new IllegalArgumentException("a path begins with a slash: " + path);
        RouteTable.Range range = watch.find(key);
        URI owner = range == null ? null : range.base();
        boolean repeated = false;
        IOException failed = null;
        for (URI door : doors.inOrder(owner, watch.bases())) {
            HttpRequest attempt = at(door, path, request);
            try {
                HttpResponse<T> answer = http.send(attempt, handler);
                if (door.equals(owner) && isNoInstances(answer)) {
                    distrust(door);
                    failed = with(failed, new IOException("no instance answers at " + door));
                    continue;
                }
                learn(range, answer.headers());
                return answer;
            } catch (IOException e) {
                distrust(door);
                failed = with(failed, e);
                if (isUnsent(e)) continue;
                if (repeated || !mayRepeat(attempt)) throw failed;
                repeated = true;
            }
        }
        throw failed == null ? new IOException("no door") : failed;
    }

    private static HttpRequest at(URI door, String path, HttpRequest.Builder request) {
        HttpRequest.Builder copy = request.copy().uri(URI.create(door + path));
        HttpRequest built = copy.build();
        return built.timeout().isPresent() ? built : copy.timeout(TIMEOUT).build();
    }

    private static boolean isUnsent(IOException e) {
        return e instanceof ConnectException
                || e instanceof HttpConnectTimeoutException
                || e instanceof NoRouteToHostException;
    }

    private static boolean mayRepeat(HttpRequest request) {
        return SAFE.contains(request.method())
                || request.headers().firstValue("Idempotency-Key").isPresent();
    }

    /// A server whose application is not there, or not yet: nothing was applied. Whatever the application says carries
    /// either header.
    private static boolean isNoInstances(HttpResponse<?> answer) {
        if (answer.statusCode() != 404 && answer.statusCode() != 503) return false;
        String type = answer.headers().firstValue("Content-Type").orElse("");
        return answer.headers().firstValue("Plumb-Owner").isEmpty()
                && !type.toLowerCase(Locale.ROOT).startsWith("application/problem+json");
    }

    private void distrust(URI door) {
        LOG.log(System.Logger.Level.DEBUG, () -> door + " does not answer");
        doors.distrust(door);
        watch.refresh();
    }

    /// Somebody else owns it by now, says the answer: the table is old.
    private void learn(RouteTable.@Nullable Range range, HttpHeaders answer) {
        String owner = answer.firstValue("Plumb-Owner").orElse("");
        String epoch = answer.firstValue("Plumb-Epoch").orElse("");
        if (owner.isEmpty() || !epoch.matches("\\d{1,18}")) return;
        long newest = Long.parseLong(epoch);
        boolean old =
                range == null || newest > range.epoch() || (!owner.equals(range.owner()) && newest == range.epoch());
        if (old && watch.isKnown()) watch.refresh();
    }

    private static IOException with(@Nullable IOException former, IOException next) {
        if (former != null) next.addSuppressed(former);
        return next;
    }

    /// Where the key's requests would go now, as far as is known: the owner's public address. Does not block.
    public Optional<URI> owner(String key) {
        RouteTable.Range range = watch.find(key);
        return range == null ? Optional.empty() : Optional.ofNullable(range.base());
    }

    /// The version of the table that is known; empty: none yet. Does not block.
    public OptionalLong version() {
        return watch.version();
    }

    /// Blocks until a table is known. Not needed: requests go to a door meanwhile.
    ///
    /// @param atMost how long
    /// @return whether one is
    /// @throws InterruptedException if the caller was interrupted meanwhile
    public boolean awaitTable(Duration atMost) throws InterruptedException {
        return watch.await(atMost);
    }

    /// Ends the thread, and the connections if they are its own; what is under way fails then. Does not block.
    @Override
    public void close() {
        watch.close();
        if (ownsHttp) http.shutdownNow();
    }
}

package cluster;

import demo.Instance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/// What a client sends and sees.
final class Http {
    static final String JOE = """
            {"name":"Joe","address":{"line":"1 Main Street"},
             "usual":{"pizza":"margherita","ingredients":["tomato","mozzarella","basil"]}}""";

    static final String PASSWORD = "only for these tests";

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /// For those who count failures: the JDK's client loses an answer now and then on a kept-alive connection, 4 of
    /// 120,000 with JDK 25, which would look like the server's fault.
    private static final CloseableHttpClient COUNTING = HttpClients.custom()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnTotal(200)
                    .setMaxConnPerRoute(100)
                    .setDefaultConnectionConfig(ConnectionConfig.custom()
                            .setConnectTimeout(2, TimeUnit.SECONDS)
                            .setSocketTimeout(15, TimeUnit.SECONDS)
                            .build())
                    .build())
            .disableAutomaticRetries()
            .disableCookieManagement()
            .build();

    private Http() {}

    /// An answer that arrived.
    ///
    /// @param headers by their names, in any case
    record Answer(int status, String body, Map<String, List<String>> headers) {
        private static Answer of(HttpResponse<String> response) {
            return new Answer(
                    response.statusCode(), response.body(), response.headers().map());
        }

        private static Answer of(ClassicHttpResponse response) throws IOException, ParseException {
            var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
            for (Header header : response.getHeaders())
                headers.computeIfAbsent(header.getName(), unseen -> new ArrayList<>())
                        .add(header.getValue());
            HttpEntity body = response.getEntity();
            return new Answer(response.getCode(), body == null ? "" : EntityUtils.toString(body), headers);
        }

        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }

        /// A member of a flat JSON object.
        String member(String name) {
            Matcher matcher =
                    Pattern.compile("\"" + name + "\":(\"([^\"]*)\"|[0-9.]+)").matcher(body);
            if (!matcher.find()) throw new AssertionError("no " + name + " in " + status + " " + body);
            return matcher.group(2) == null ? matcher.group(1) : matcher.group(2);
        }
    }

    static String customer(UUID customer) {
        return "/api/customers/" + customer;
    }

    static Answer get(Instance at, String path) throws IOException, InterruptedException {
        return send(request(at, path).GET());
    }

    /// Of a GET, wherever that is.
    static int status(URI address) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address)).status();
    }

    static Answer putCustomer(Instance at, UUID customer) throws IOException, InterruptedException {
        return send(request(at, customer(customer))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(JOE)));
    }

    /// A new customer whom that instance owns.
    static UUID customerOf(Instance owner) throws IOException, InterruptedException {
        Answer created = send(request(owner, "/api/customers")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JOE)));
        return UUID.fromString(created.header("Location").replaceFirst(".*/", ""));
    }

    /// A new address; the status.
    static int move(Instance at, UUID customer, String line) throws IOException, InterruptedException {
        return send(request(at, customer(customer) + "/address")
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString("{\"line\":\"" + line + "\"}")))
                .status();
    }

    static HttpRequest.Builder reorder(Instance at, UUID customer) {
        return request(at, customer(customer) + "/orders").POST(BodyPublishers.noBody());
    }

    /// One order of a customer who repeats it under the same key until it is acknowledged.
    static Answer reorder(Instance at, UUID customer, String idempotencyKey) throws IOException {
        var order = new HttpPost(at.url() + customer(customer) + "/orders");
        order.setHeader("Idempotency-Key", idempotencyKey);
        return COUNTING.execute(order, Answer::of);
    }

    /// As `admin`, where people have to have names.
    static HttpRequest.Builder request(Instance at, String path) {
        HttpRequest.Builder request = stranger(at, path);
        return path.startsWith("/api/plumb/") || path.startsWith("/admin/")
                ? request.header("Authorization", basic("admin", PASSWORD))
                : request;
    }

    /// Of somebody without a name.
    static HttpRequest.Builder stranger(Instance at, String path) {
        return HttpRequest.newBuilder(URI.create(at.url() + path)).timeout(Duration.ofSeconds(15));
    }

    static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return Answer.of(CLIENT.send(request.build(), BodyHandlers.ofString()));
    }

    static CompletableFuture<Answer> sendAsync(HttpRequest.Builder request) {
        return CLIENT.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(Answer::of);
    }
}

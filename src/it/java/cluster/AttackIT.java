package cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import demo.Instance;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What somebody outside can try with one request after the other, over real servers. Each ends in an answer that says
/// no, or in what an honest request would have had. Hops are attacked in [ForgedHopIT], workers in [SlowBodiesIT].
@Timeout(300)
class AttackIT {
    private static final String HOST = "Host: shop.example";

    private final Cluster cluster = Cluster.healthy();
    private final Instance asked = cluster.instance(1);
    private final Instance owner = cluster.instance(2);

    // Messages that two readers take for different ones.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4|Content-Length: 40",
                "Content-Length: 4, 40",
                "Content-Length: +4",
                "Content-Length: -4",
                "Content-Length: 0x4",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: chunked|Content-Length: 4",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity|Transfer-Encoding: chunked",
            })
    void aLengthThatCanBeReadInTwoWaysSmugglesNoSecondRequest(String headers) throws Exception {
        UUID victim = Http.customerOf(owner);
        String smuggled = "POST " + Http.customer(victim) + "/orders HTTP/1.1\r\n" + HOST + "\r\n\r\n";

        try (var connection = new Raw(asked)) {
            connection.say("POST " + Http.customer(victim) + "/orders HTTP/1.1\r\n" + HOST + "\r\n"
                    + "Content-Type: application/json\r\n" + headers.replace("|", "\r\n") + "\r\n\r\n"
                    + "0\r\n\r\n" + smuggled);
            connection.end();
            assertThat(connection.answer().status()).as(headers).isNotIn(200, 201);
        }

        assertThat(orders(victim)).as(headers).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-A: b\r\n Plumb-Forward: from=\"instance-3\", epoch=1, hops=1",
                "X-A: b\rPlumb-Request-Id: client:forged",
                "X-A: b\nPlumb-Request-Id: client:forged",
                "X-A: b\0c",
                "X-A : b",
                " X-A: b",
                "X-A",
                ": b",
                "X-Ä: ö",
            })
    void aHeaderThatCanBeReadInTwoWaysChangesNothing(String header) throws Exception {
        UUID customer = Http.customerOf(owner);
        cluster.fromPeers(2).listenIn();

        Raw.Answer answer = Raw.ask(
                asked, "GET " + Http.customer(customer) + " HTTP/1.1\r\n" + HOST + "\r\n" + header + "\r\n\r\n");

        String hop = cluster.fromPeers(2).heard();
        assertThat(answer.status()).as(answer.all()).isIn(200, 400);
        assertThat(hop).as("ids are minted").doesNotContain("client:forged\r\n");
        assertThat(hop.replaceAll("(?i)x-a: .*", "")).doesNotContain("from=\"instance-3\"");
    }

    @Test
    void lineBreaksInAQueryDoNotGetIntoTheAnswersHead() throws Exception {
        UUID customer = Http.customerOf(owner);
        for (int i = 0; i < 3; i++) Http.send(Http.reorder(asked, customer));

        String query = "/orders?limit=1&x=%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0a%3cscript%3e";
        Raw.Answer page = Raw.get(asked, Http.customer(customer) + query);
        Raw.Answer raw = Raw.get(
                asked, Http.customer(customer) + query.replace("%3c", "<").replace("%3e", ">"));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Link")).contains("rel=\"next\"").doesNotContain("<script");
        assertThat(page.header("Set-Cookie")).isEmpty();
        assertThat(raw.status()).isIn(200, 400);
        assertThat(raw.header("Set-Cookie")).isEmpty();
    }

    // Headers that only instances may send.

    /// `Connection` names what ends at this hop.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Plumb-Request-Id, Idempotency-Key",
                "Connection: Plumb-Forward, Plumb-Deadline, Signature, Signature-Input, Via, Forwarded",
                "Plumb-Request-Id: client:other|Plumb-Deadline: 999999999|Plumb-Epoch: 9|Plumb-Owner: instance-9",
                "Plumb-Rehearsal: 00000000-0000-0000-0000-000000000000",
                "X-HTTP-Method-Override: DELETE|X-Original-URL: /api/plumb/drain|X-Rewrite-URL: /api/plumb/drain",
            })
    void whatOnlyAnInstanceMaySayChangesNothing(String headers) throws Exception {
        UUID customer = Http.customerOf(owner);
        String reorder = Raw.json(
                "POST " + Http.customer(customer) + "/orders",
                "",
                "Idempotency-Key: tonight",
                headers.replace("|", "\r\n"));

        assertThat(Raw.ask(asked, reorder).status()).isEqualTo(201);
        assertThat(Raw.ask(asked, reorder).status()).as("the same again").isEqualTo(200);

        assertThat(orders(customer)).isOne();
    }

    @Test
    void viaAndForwardedOfAnOutsiderAreKeptButBelievedByNobody() throws Exception {
        UUID customer = Http.customerOf(owner);
        cluster.fromPeers(2).listenIn();

        Raw.Answer looped = Raw.ask(asked, request("GET", customer, "Via: 1.1 instance-1"));
        Raw.Answer answer = Raw.ask(
                asked, request("GET", customer, "Via: 1.1 elsewhere", "Forwarded: for=10.0.0.1;host=\"evil.example\""));

        assertThat(looped.status()).isEqualTo(508);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(cluster.fromPeers(2).heard())
                .contains("Via: 1.1 elsewhere, 1.1 instance-1")
                .contains("Forwarded: for=10.0.0.1;host=\"evil.example\", for=127.0.0.1;host=\"shop.example\"");
    }

    // What an outsider learns.

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1|Host: shop.example|Connection: Host", "HTTP/1.0|X-A: b", "HTTP/1.0|Host:"})
    void whoHidesTheHostDoesNotLearnTheOwnersInnerAddress(String head) throws Exception {
        UUID customer = Http.customerOf(owner);

        Raw.Answer created = Raw.ask(
                asked,
                "POST " + Http.customer(customer) + "/orders " + head.replace("|", "\r\n")
                        + "\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n");

        assertThat(created.all()).isNotEmpty().doesNotContain(inner(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "GET /nothing",
                "GET /api/",
                "GET /api/nothing",
                "GET /api/customers/rubbish",
                "GET /api/routes/customer",
                "GET /api/routes/nothing",
                "GET /api/menu?x=%",
                "GET /metrics",
                "GET /health",
                "GET /WEB-INF/web.xml",
                "GET /META-INF/MANIFEST.MF",
                "GET /admin/..%2fWEB-INF/web.xml",
                "GET /jakarta.faces.resource/..%2fWEB-INF/web.xml",
                "GET /%",
                "TRACE /",
                "TRACE /api/menu",
                "OPTIONS *",
                "CONNECT shop.example:80",
                "PROPFIND /",
                "rubbish /",
            })
    void noAnswerTellsOfTheInside(String line) throws Exception {
        Raw.Answer answer =
                Raw.ask(asked, line + " HTTP/1.1\r\n" + HOST + "\r\nX-Secret-Of-A-Proxy: not to be echoed\r\n\r\n");

        assertThat(answer.status()).isNotIn(301, 302);
        assertThat(answer.all())
                .doesNotContain(inner(1), inner(2), inner(3))
                .doesNotContain(Base64.getEncoder().encodeToString(Cluster.SECRET))
                .doesNotContain("jdbc:", "Exception", "\tat ", "<web-app", "not to be echoed")
                .doesNotContainPattern(
                        "6\\.2\\d{3}\\.\\d"); // the server's version, and no figure; its name is on its own error pages
        assertThat(answer.header("Server")).isEmpty();
        assertThat(answer.header("X-Powered-By")).isEmpty();
    }

    // Paths that filter and resource could read differently.

    /// X is the customer, Y somebody else's key.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/customers/X/",
                "/api/customers/X//",
                "/api/customers//X",
                "//api/customers/X",
                "/api//customers/X",
                "/api/./customers/X",
                "/api/menu/../customers/X",
                "/api/customers/Y/../X",
                "/api/customers/Y/orders/../../X",
                "/api/customers/Y%2f..%2fX",
                "/api/customers/Y/%2e%2e/X",
                "/api/customers/Y%5c..%5cX",
                "/api/customers/Y\\..\\X",
                "/api/customers/X;a=b",
                "/api/customers/X;customer=Y",
                "/api/customers;customer=Y/X",
                "/api;a=b/customers/X",
                "/api/customers/X%3bY",
                "/api/customers/X%2f",
                "/api/customers/X%00",
                "/api/customers/X%20",
                "/api/customers/X%0a",
                "/api/customers/X%0d%0aPlumb-Forward:%20a",
                "/api/customers/X.json",
                "/api/customers/X%23",
                "/api/customers/X?customer=Y",
                "/api/customers/X??",
                "/api/customers/X,Y",
                "/API/customers/X",
                "/api/Customers/X",
                "/api/%63ustomers/X",
                "/%61pi/customers/X",
                "/api/customers/%X",
                "/api/customers/%%X",
                "/api/customers/%25X",
                "/api/customers/%c0%afX",
                "/api/customers/+X",
                "/api/customers/{X}",
                "http://evil.example/api/customers/X",
                "http://evil.example@shop.example/api/customers/X",
            })
    void anOddPathIsNobodysOrTheCustomersAtEveryInstance(String path) throws Exception {
        UUID customer = Http.customerOf(owner);
        UUID other = Http.customerOf(cluster.instance(3));
        String odd = path.replace("X", customer.toString()).replace("Y", other.toString());

        for (Instance each : cluster.instances()) {
            Raw.Answer answer = Raw.get(each, odd);
            assertThat(answer.status()).as(each + ": " + answer.all()).isLessThan(500);
            if (answer.status() != 200 || answer.body().isEmpty()) continue; // Payara says 200 to what it cannot decode
            assertThat(answer.body()).as(each + ": " + answer.all()).contains(customer.toString());
            assertThat(answer.header("Plumb-Owner"))
                    .as(each + ": " + answer.all())
                    .isEqualTo(owner.name());
        }
    }

    @Test
    void otherSpellingsOfAKeyAreTheSameCustomerAtEveryInstance() throws Exception {
        UUID customer = Http.customerOf(owner);
        String text = customer.toString();
        var spellings = List.of(
                text.toUpperCase(Locale.ROOT),
                text.replace("-", "%2D"),
                "%" + Integer.toHexString(text.charAt(0)) + text.substring(1));

        for (Instance each : cluster.instances())
            for (String spelling : spellings) {
                Raw.Answer answer = Raw.get(each, "/api/customers/" + spelling);
                assertThat(answer.status()).as(spelling).isEqualTo(200);
                assertThat(answer.header("Plumb-Owner")).isEqualTo(owner.name());
                assertThat(answer.body()).contains(text);
            }
    }

    // Too much of something.

    @ParameterizedTest
    @CsvSource({"50, 100", "90, 70", "200, 10", "5000, 10", "1, 7000", "1, 9000", "1, 1000000"})
    void aFloodOfHeadersIsServedOrRefused(int many, int length) throws Exception {
        UUID customer = Http.customerOf(owner);
        var flood = new StringBuilder();
        for (int i = 0; i < many; i++)
            flood.append("X-").append(i).append(": ").append("a".repeat(length)).append("\r\n");

        for (Instance each : List.of(asked, owner)) {
            Raw.Answer answer =
                    Raw.ask(each, request("GET", customer, flood.toString().strip()));
            assertThat(answer.status()).as(answer.all()).isLessThan(500);
        }
        assertThat(Http.get(asked, Http.customer(customer)).status()).isEqualTo(200);
    }

    /// Longer than a body may be; `POST /api/customers` is nobody's, so the filter of owned resources does not see it.
    @ParameterizedTest
    @ValueSource(strings = {"PUT /api/customers/00000000-0000-4000-8000-000000000001", "POST /api/customers"})
    void aHugeBodyIsRefusedWhereverItGoesAndHoweverItComes(String line) throws Exception {
        assertThat(announced(line, 1_048_577)).isEqualTo(413);
        assertThat(announced(line, 10_000_000_000L)).isIn(400, 413); // WildFly itself refuses what is over 10 MB

        try (var connection = new Raw(asked)) {
            connection.say(line + " HTTP/1.1\r\n" + HOST
                    + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"name\":\"\r\n");
            String chunk = "10000\r\n" + "a".repeat(0x10000) + "\r\n";
            for (int i = 0; i < 200; i++) connection.say(chunk);
            connection.say("0\r\n\r\n");
            assertThat(connection.answer().status()).isIn(0, 413); // 0: it did not wait for the rest
        }
    }

    private int announced(String line, long length) throws Exception {
        return Raw.ask(
                        asked,
                        line + " HTTP/1.1\r\n" + HOST + "\r\nContent-Type: application/json\r\nContent-Length: "
                                + length + "\r\n\r\n{\"name\":\"")
                .status();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT /api/customers/X", "POST /api/customers", "POST /api/customers/X/orders"})
    void aBodyThatIsABombIsRefused(String line) throws Exception {
        UUID customer = Http.customerOf(owner);
        var bombs = new ArrayList<>(List.of(
                "{\"a\":{",
                "{\"a\":[",
                "[".repeat(500_000),
                "{\"a\":".repeat(100_000),
                "{\"address\":".repeat(50_000),
                "{\"ingredients\":" + "[".repeat(500_000),
                "{\"address\":" + "1".repeat(900_000) + "}",
                "{\"address\":1e999999999}",
                "{\"address\":-1e-999999999}",
                "{\"address\":{\"line\":\"" + "\\u0000".repeat(100_000) + "\"}}",
                "{\"address\":{\"line\":\"" + "a".repeat(900_000) + "\"}}",
                "{\"pizza\":\"" + "a".repeat(900_000) + "\"}",
                "{" + "\"pizza\":\"a\",".repeat(60_000) + "\"pizza\":1}",
                "\u00ff\u00fe{\u0000}\u0000",
                "nul",
                "\"text\""));

        for (String bomb : bombs) {
            Raw.Answer answer = Raw.ask(asked, Raw.json(line.replace("X", customer.toString()), bomb));
            assertThat(answer.status()).as(start(bomb) + ": " + answer.all()).isBetween(400, 499);
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        }
        assertThat(orders(customer)).isZero();
    }

    private static String start(String bomb) {
        return bomb.substring(0, Math.min(30, bomb.length()));
    }

    @Test
    void xmlIsNotReadAndFetchesNothing() throws Exception {
        UUID customer = Http.customerOf(owner);
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String xml = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"http://127.0.0.1:"
                    + listening.getLocalPort() + "/\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>";

            for (String type : List.of("application/xml", "text/xml", "application/soap+xml", "image/svg+xml"))
                for (String line :
                        List.of("PUT " + Http.customer(customer), "POST /api/customers", "POST /api/plumb/balance")) {
                    String request = Raw.json(line, xml).replace("application/json", type);
                    assertThat(Raw.ask(asked, request).status()).as(line).isBetween(400, 499);
                }

            listening.setSoTimeout(1);
            assertThat(catchThrowable(listening::accept)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    // Texts that somebody else might run.

    @Test
    void sqlIsATextLikeAnyOther() throws Exception {
        UUID customer = Http.customerOf(owner);
        String sql = "Robert'); drop table usualpizza.customer_order; --";
        String key = "';delete/**/from/**/usualpizza.customer_order;--";

        Http.Answer put = Http.send(Http.request(asked, Http.customer(customer))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(Http.JOE.replace("Joe", sql))));
        assertThat(put.status()).isEqualTo(204);
        for (int status : new int[] {201, 200})
            assertThat(Http.send(Http.reorder(asked, customer).header("Idempotency-Key", key))
                            .status())
                    .isEqualTo(status);

        assertThat(Http.get(asked, Http.customer(customer)).body()).contains(sql);
        assertThat(orders(customer)).isOne();
        for (String path : List.of(
                "/api/customers/'%20or%201=1--",
                "/api/customers/" + customer + "'--",
                "/api/customers/" + customer + "/orders?after=1%20or%201=1",
                "/api/customers/" + customer + "/orders?limit=1;drop%20table%20usualpizza.customer_order",
                "/api/customers/" + customer + "/orders/'%20or%20''='",
                "/api/routes/customer'--",
                "/api/routes/customer/'%20or%201=1--",
                "/api/routes/customer?wait=PT1S'--",
                "/api/escalations?limit=1'"))
            assertThat(Raw.get(asked, path).status()).as(path).isBetween(400, 404);
    }

    /// Whatever the servers write of it, no line begins as the attacker wants, and no terminal is told anything.
    @Test
    void theLogsSayNothingThatAnAttackerDictates() throws Exception {
        UUID customer = Http.customerOf(owner);
        String mark = "[2026-01-01T00:00:00.000+0000] forged " + UUID.randomUUID();
        String encoded = "%0d%0a" + URLEncoder.encode(mark, UTF_8).replace("+", "%20");
        String escaped = "\\u000d\\u000a" + mark + "\\u001b[31m";

        for (Instance each : List.of(asked, owner)) {
            for (String path : List.of("/api/customers/", "/api/routes/", "/api/plumb/gauges/", "/", "/admin/"))
                Raw.get(each, path + encoded + "%1b%5b31m");
            Raw.get(each, "/api/customers/" + customer + "/orders?after=" + encoded + "&" + encoded + "=1");
            for (String body : List.of(
                    "{\"" + escaped + "\":1}",
                    "{\"name\":\"" + escaped + "\"}",
                    "{\"usual\":\"" + escaped + "\"}",
                    "{\"address\":{\"" + escaped + "\":{}},\"usual\":[\"" + escaped + "\"]}",
                    escaped))
                for (String line : List.of(
                        "PUT " + Http.customer(customer),
                        "POST /api/customers",
                        "POST /api/customers/" + customer + "/orders")) Raw.ask(each, Raw.json(line, body));
            for (String header :
                    List.of("X-A: ", "Cookie: a=", "Traceparent: ", "Accept: ", "Content-Type: ", "Host: "))
                Raw.ask(each, request("GET", customer, header + "a\u001b[31m\r\n " + mark));
            Raw.ask(each, mark + "\u001b[31m\r\n\r\n");
        }

        for (Instance each : List.of(asked, owner)) {
            String log = Files.readString(each.log(), ISO_8859_1);
            assertThat(log.lines().filter(line -> line.strip().startsWith(mark)))
                    .isEmpty();
            assertThat(log).doesNotContain("\u001b");
        }
    }

    // Sessions.

    @Test
    void noSessionIsMadeForTheApiAndNoneIsTakenFromAClient() throws Exception {
        UUID customer = Http.customerOf(owner);
        String fixed = "0123456789abcdef0123456789ab";

        for (String path : List.of(Http.customer(customer), "/api/menu", "/api/nothing", "/metrics", "/nothing"))
            for (String cookie : List.of("X: y", "Cookie: JSESSIONID=" + fixed))
                assertThat(Raw.ask(asked, "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n" + cookie + "\r\n\r\n")
                                .header("Set-Cookie"))
                        .as(path)
                        .isEmpty();
        for (String page : List.of("/admin/leases.xhtml", "/admin/leases.xhtml;jsessionid=" + fixed)) {
            Raw.Answer answer = Raw.ask(
                    asked, "GET " + page + " HTTP/1.1\r\n" + HOST + "\r\nCookie: JSESSIONID=" + fixed + "\r\n\r\n");
            assertThat(answer.all()).doesNotContain(fixed);
        }
    }

    private String inner(int number) {
        return ":" + cluster.fromPeers(number).port();
    }

    private static String request(String method, UUID customer, String... headers) {
        return method + " " + Http.customer(customer) + " HTTP/1.1\r\n" + HOST + "\r\n" + Raw.lines(headers) + "\r\n";
    }

    private long orders(UUID customer) {
        return cluster.longs("select count(*) from usualpizza.customer_order where customer_id = '" + customer + "'")
                .getFirst();
    }
}

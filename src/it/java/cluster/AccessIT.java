package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who gets in, and what he may do.
class AccessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String JO = "the password of jo";

    private final Cluster cluster = Cluster.healthy();
    private final Instance first = cluster.instance(1);
    private final Instance second = cluster.instance(2);

    private static void put(Instance at, String name, String role) throws IOException, InterruptedException {
        Http.Answer answer = Http.send(Http.request(at, "/api/plumb/people/" + name)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(
                        "{\"role\":\"" + role + "\",\"password\":\"" + JO + "\",\"reason\":\"a test\"}")));
        assertThat(answer.status()).as(answer.body()).isEqualTo(204);
    }

    private static Http.Answer as(String name, Instance at, String path) throws IOException, InterruptedException {
        return Http.send(Http.stranger(at, path).header("Authorization", Http.basic(name, JO)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/plumb/ranges",
                "/api/plumb/instances",
                "/api/plumb/balance",
                "/api/plumb/audit",
                "/api/plumb/progress",
                "/api/plumb/quarantine",
                "/api/plumb/people",
                "/api/plumb/events",
                "/api/plumb/history/customer/22222222-2222-2222-2222-222222222222",
                "/api/plumb/keys/customer/22222222-2222-2222-2222-222222222222"
            })
    void whoSaysNoNameSeesNothing(String path) throws Exception {
        Http.Answer unknown = Http.send(Http.stranger(first, path));
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(unknown.header("WWW-Authenticate")).startsWith("Basic ");
        assertThat(unknown.body()).contains("unauthenticated");

        Http.Answer wrong = Http.send(Http.stranger(first, path).header("Authorization", "Bearer made-up"));
        assertThat(wrong.status()).isEqualTo(401);
    }

    /// Also not by another spelling of a page's path, of which servers have many.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/leases.xhtml",
                "/admin/range.xhtml?id=1",
                "//admin/leases.xhtml",
                "/admin;x=1/leases.xhtml",
                "/admin/leases.xhtml;x=1",
                "/%61dmin/leases.xhtml",
                "/admin/./leases.xhtml",
                "/x/../admin/leases.xhtml",
                "/admin//leases.xhtml",
                "/jakarta.faces.resource/../admin/leases.xhtml",
                "/jakarta.faces.resource/%2e%2e/admin/leases.xhtml"
            })
    void noPageIsShownToStrangers(String path) throws Exception {
        Http.Answer answer = Http.send(Http.stranger(first, path));

        assertThat(answer.status()).isNotEqualTo(200);
        assertThat(answer.body()).doesNotContain("incarnation");
    }

    @Test
    void aPageLeadsToTheFormAndBack() throws Exception {
        Http.Answer page = Http.send(Http.stranger(first, "/admin/range.xhtml?id=1"));
        assertThat(page.status()).isEqualTo(303);
        assertThat(page.header("Location")).isEqualTo("login.xhtml?to=range.xhtml%3Fid%3D1");

        Http.Answer in = logIn(first, "admin", Http.PASSWORD, "range.xhtml?id=1");
        assertThat(in.status()).isEqualTo(303);
        assertThat(in.header("Location")).isEqualTo("admin/range.xhtml?id=1");
        String cookie = in.header("Set-Cookie");
        assertThat(cookie).startsWith("plumb-login=").contains("HttpOnly", "SameSite=Strict");
        String pair = cookie.replaceFirst(";.*", "");

        for (Instance each : cluster.instances()) // a login holds everywhere
        assertThat(Http.send(Http.stranger(each, "/admin/leases.xhtml").header("Cookie", pair))
                            .body())
                    .contains("admin, admin");

        Http.Answer out = Http.send(
                Http.stranger(first, "/plumb-logout").header("Cookie", pair).POST(BodyPublishers.noBody()));
        assertThat(out.header("Location")).isEqualTo("admin/login.xhtml");
        assertThat(Http.send(Http.stranger(first, "/admin/leases.xhtml").header("Cookie", pair))
                        .status())
                .isEqualTo(303);
        await("elsewhere, too")
                .atMost(PATIENCE)
                .until(() ->
                        Http.send(Http.stranger(second, "/admin/leases.xhtml").header("Cookie", pair))
                                        .status()
                                == 303);
    }

    private static Http.Answer logIn(Instance at, String name, String password, String to)
            throws IOException, InterruptedException {
        String form = "name=" + name + "&password=" + password.replace(" ", "+") + "&to="
                + to.replace("?", "%3F").replace("=", "%3D").replace(":", "%3A").replace("/", "%2F");
        return Http.send(Http.stranger(at, "/plumb-login")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://elsewhere.example/", "//elsewhere.example/leases.xhtml", "../api/menu", "x.xhtml#\r\n"})
    void theFormLeadsToNoOtherPlace(String to) throws Exception {
        assertThat(logIn(first, "admin", Http.PASSWORD, to.replace("\r\n", "%0D%0A"))
                        .header("Location"))
                .isEqualTo("admin/leases.xhtml");
    }

    /// A session that somebody brings along is never taken over.
    @Test
    void aLoginIsMadeHereOnly() throws Exception {
        Http.Answer in = Http.send(Http.stranger(first, "/plumb-login")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", "plumb-login=chosen-by-somebody; JSESSIONID=chosen-too")
                .POST(BodyPublishers.ofString("name=admin&password=" + Http.PASSWORD.replace(" ", "+"))));

        assertThat(in.header("Set-Cookie")).startsWith("plumb-login=").doesNotContain("chosen");
        assertThat(Http.send(Http.stranger(first, "/admin/leases.xhtml")
                                .header("Cookie", "plumb-login=chosen-by-somebody"))
                        .status())
                .isEqualTo(303);
    }

    @ParameterizedTest
    @CsvSource({"viewer,   200, 403, 403, 403", "operator, 200, 200, 412, 403", "admin,    200, 200, 412, 200"})
    void eachRoleMayWhatItMay(String role, int look, int keys, int move, int people) throws Exception {
        put(first, "jo-" + role, role);
        String customer = Http.customerOf(second).toString();
        String name = "jo-" + role;
        String range = cluster.strings("select min(range_id)::text from plumb.range_lease")
                .getFirst();

        assertThat(as(name, first, "/api/plumb/ranges").status()).isEqualTo(look);
        assertThat(as(name, first, "/api/plumb/keys/customer/" + customer).status())
                .isEqualTo(keys);
        assertThat(as(name, first, "/api/plumb/people").status()).isEqualTo(people);
        assertThat(Http.send(Http.stranger(first, "/api/plumb/ranges/" + range + "/merge")
                                .header("Authorization", Http.basic(name, JO))
                                .header("If-Match", "\"999999\"")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"reason\":\"a test\"}")))
                        .status())
                .isEqualTo(move);
    }

    @Test
    void aScriptHasATokenUntilItIsKeptOut() throws Exception {
        Http.send(Http.request(first, "/api/plumb/people/deploy")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"role\":\"operator\",\"reason\":\"a test\"}")));
        String token = Http.send(
                        Http.request(first, "/api/plumb/people/deploy/tokens").POST(BodyPublishers.noBody()))
                .member("token");

        assertThat(Http.send(bearer(second, token)).status()).isEqualTo(200);
        assertThat(cluster.strings("select encode(hash, 'escape') from plumb.token"))
                .doesNotContain(token);

        assertThat(Http.send(Http.request(first, "/api/plumb/people/deploy").DELETE())
                        .status())
                .isEqualTo(204);
        await("everywhere")
                .atMost(PATIENCE)
                .until(() -> Http.send(bearer(second, token)).status() == 401);
        assertThat(cluster.strings("select made_by || ' ' || kind || ' ' || detail from plumb.decision"))
                .contains("admin on instance-1 person deploy is operator", "admin on instance-1 no-person deploy");
    }

    private static HttpRequest.Builder bearer(Instance at, String token) {
        return Http.stranger(at, "/api/plumb/ranges").header("Authorization", "Bearer " + token);
    }

    @Test
    void nobodyKeepsHimselfOut() throws Exception {
        assertThat(Http.send(Http.request(first, "/api/plumb/people/admin").DELETE())
                        .status())
                .isEqualTo(409);
        assertThat(Http.send(Http.request(first, "/api/plumb/people/admin")
                                .header("Content-Type", "application/json")
                                .PUT(BodyPublishers.ofString("{\"role\":\"viewer\",\"reason\":\"a test\"}")))
                        .status())
                .isEqualTo(409);
    }

    /// From another page, a browser sends cookies and passwords that it knows, but not our header.
    @Test
    void aForeignPageChangesNothing() throws Exception {
        for (List<String> header : List.of(
                List.of("Origin", "http://elsewhere.example"),
                List.of("Sec-Fetch-Site", "cross-site"),
                List.of("Cookie", "anything=1"))) {
            var request = Http.request(first, "/api/plumb/balance/pause")
                    .header("Content-Type", "application/json")
                    .header(header.get(0), header.get(1));
            Http.Answer refused = Http.send(request.PUT(BodyPublishers.ofString("{\"reason\":\"forged\"}")));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("forged");
        }
        assertThat(cluster.strings("select reason from plumb.decision")).doesNotContain("forged");
        assertThat(Http.send(Http.stranger(first, "/plumb-login")
                                .header("Sec-Fetch-Site", "cross-site")
                                .POST(BodyPublishers.ofString("")))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void whoGuessesHasToWait() throws Exception {
        String name = "nobody-" + UUID.randomUUID().toString().substring(0, 8);
        for (int i = 0; i < 10; i++)
            assertThat(as(name, first, "/api/plumb/ranges").status()).isEqualTo(401);

        Http.Answer locked = as(name, first, "/api/plumb/ranges");
        assertThat(locked.status()).isEqualTo(429);
        assertThat(locked.header("Retry-After")).isNotEmpty();
        assertThat(logIn(first, name, "x", "").header("Location")).contains("failed=locked");
        assertThat(Http.get(first, "/api/plumb/ranges").status())
                .as("others are not")
                .isEqualTo(200);
    }

    @Test
    void keysAreMaskedForViewers() throws Exception {
        put(first, "jo-looks", "viewer");
        UUID customer = UUID.randomUUID();
        cluster.strings("insert into plumb.quarantine (domain, key, crashes, last_crash, made_by) values ('customer', '"
                + customer + "', 1, clock_timestamp(), 'a test') returning key");
        try {
            assertThat(Http.get(first, "/api/plumb/quarantine").body()).contains(customer.toString());
            assertThat(as("jo-looks", first, "/api/plumb/quarantine").body())
                    .contains("suspected")
                    .doesNotContain(customer.toString());
        } finally {
            cluster.strings("delete from plumb.quarantine where key = '" + customer + "' returning key");
        }
    }

    @Test
    void aScriptOnTheMachineMayDrainWithoutAName() throws Exception {
        assertThat(Http.send(Http.stranger(second, "/api/plumb/stoppable")).status())
                .isEqualTo(200);
        Http.Answer begun = Http.send(
                Http.stranger(second, "/api/plumb/drain?reason=a+test").POST(BodyPublishers.noBody()));
        assertThat(begun.status()).isEqualTo(202);
        assertThat(Http.send(Http.stranger(second, "/api/plumb/drain").DELETE()).status())
                .isEqualTo(200);

        assertThat(cluster.strings(
                        "select made_by || ': ' || kind || ' ' || detail || ', ' || reason from plumb.decision"))
                .contains("a script on instance-2: drain instance-2, a test");
    }

    /// From any instance, and taken back from another one.
    @Test
    void anInstanceIsDrainedFromElsewhere() throws Exception {
        Instance third = cluster.instance(3);
        Http.Answer begun = Http.send(Http.request(first, "/api/plumb/instances/instance-3/drain")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"reason\":\"a test\"}")));
        assertThat(begun.status()).isEqualTo(202);
        await("drained")
                .atMost(PATIENCE)
                .until(() -> Http.get(third, "/api/plumb/stoppable").body().contains("\"drained\":true"));

        Http.send(Http.request(second, "/api/plumb/instances/instance-3/drain?reason=over")
                .DELETE());

        await("it serves").atMost(PATIENCE).until(third::isReady);
        assertThat(Http.send(Http.request(first, "/api/plumb/instances/nobody/drain")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"reason\":\"a test\"}")))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void theOwnerTellsWhatItHasInMemory() throws Exception {
        UUID customer = Http.customerOf(cluster.instance(3));
        String path = "/api/plumb/keys/customer/" + customer;
        Http.send(Http.reorder(first, customer));

        Http.Answer live = Http.get(first, path);
        assertThat(live.member("owner")).isEqualTo("instance-3");
        assertThat(live.body()).contains("\"live\":true", "\"name\":\"late\"", "\"inKitchen\":1");

        Http.Answer asleep = Http.get(first, "/api/plumb/keys/customer/" + UUID.randomUUID());
        assertThat(asleep.body()).contains("\"live\":false");
        assertThat(Http.get(first, "/api/plumb/keys/nothing/1").status()).isEqualTo(400);
    }

    @Test
    void whoLooksIsToldOfChanges() throws Exception {
        var seen = new LinkedBlockingQueue<String>();
        try (var client = HttpClient.newHttpClient()) {
            Thread.ofVirtual().start(() -> {
                listen(client, seen);
            });
            assertThat(seen.poll(20, TimeUnit.SECONDS)).startsWith("200 text/event-stream");
            await("the first").atMost(PATIENCE).until(() -> seen.contains("event: changed"));
            seen.clear();
            String range = cluster.strings(
                            "select range_id::text from plumb.range_lease where domain = 'customer' limit 1")
                    .getFirst();

            Http.send(Http.request(second, "/api/plumb/ranges/" + range + "/split")
                    .header("If-Match", "*")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"reason\":\"a test\"}")));

            await("the next").atMost(PATIENCE).until(() -> seen.contains("event: changed"));
            client.shutdownNow();
        }
    }

    private void listen(HttpClient client, Queue<String> seen) {
        try {
            HttpResponse<Stream<String>> answer =
                    client.send(Http.request(first, "/api/plumb/events").build(), HttpResponse.BodyHandlers.ofLines());
            seen.add(answer.statusCode() + " "
                    + answer.headers().firstValue("Content-Type").orElse(""));
            answer.body().forEach(seen::add);
        } catch (IOException | UncheckedIOException e) {
            seen.add("over"); // the client was shut down
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void byDefaultNothingIsChangedOverHttp() throws Exception {
        Instance third = cluster.instance(3);
        restart(third, Map.of("PLUMB_ADMIN_READONLY", "true"));
        try {
            Http.Answer refused = Http.send(Http.request(third, "/api/plumb/ranges/1/merge")
                    .header("If-Match", "*")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"reason\":\"a test\"}")));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("read-only");
            assertThat(Http.send(Http.stranger(third, "/api/plumb/drain").POST(BodyPublishers.noBody()))
                            .status())
                    .as("a script on the machine")
                    .isEqualTo(202);
            assertThat(Http.send(Http.stranger(third, "/api/plumb/drain").DELETE())
                            .status())
                    .isEqualTo(200);
        } finally {
            restart(third, Map.of());
        }
    }

    private void restart(Instance instance, Map<String, String> settings) throws IOException {
        instance.stop(Duration.ofSeconds(60));
        cluster.equip(3, Cluster.WAR, settings);
        instance.start();
        await("it is back").atMost(Duration.ofSeconds(120)).until(instance::isReady);
        Cluster.knowsAdmin(instance);
    }
}

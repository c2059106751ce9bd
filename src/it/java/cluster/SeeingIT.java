package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import demo.Server;
import demo.WildFly;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What people and their tools see.
class SeeingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster = Cluster.healthy();

    @Test
    void healthAnswersAtBothAddresses() throws Exception {
        for (Instance instance : cluster.instances())
            for (String check : new String[] {"started", "ready", "live"}) {
                await(check)
                        .atMost(PATIENCE)
                        .until(() ->
                                Http.get(instance, "/api/plumb/health/" + check).status() == 200);
                await(check)
                        .atMost(PATIENCE)
                        .until(() -> Http.status(URI.create(microProfile(instance) + "/health/" + check)) == 200);
            }
    }

    /// WildFly answers on its management port, of which only the log tells.
    private static String microProfile(Instance instance) throws IOException {
        if (!(Server.fromProperties("plumb.it") instanceof WildFly)) return instance.url();
        return Pattern.compile("listening on (http://\\S+)/management")
                .matcher(Files.readString(instance.log()))
                .results()
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .group(1);
    }

    @Test
    void metricsTellOfLeasesRoutesMailboxesTurnsAndCommits() throws Exception {
        UUID customer = UUID.randomUUID();
        Http.putCustomer(cluster.instance(1), customer);
        Instance owner = cluster.named(
                Http.send(Http.reorder(cluster.instance(2), customer)).header("Plumb-Owner"));

        String metrics = Http.get(owner, "/metrics").body();

        assertThat(metrics)
                .containsPattern("plumb_lease_owned\\{[^}]*domain=\"customer\"[^}]*} [1-9]\\d*\\.0")
                .containsPattern("plumb_lease_trust_remaining_seconds\\{[^}]*} [0-4]\\.")
                .containsPattern("plumb_ranges_unowned\\{[^}]*} 0\\.0")
                .containsPattern("plumb_route_total\\{[^}]*outcome=\"local\"[^}]*} [1-9]")
                .containsPattern("plumb_handler_active\\{[^}]*} [1-9]")
                .containsPattern("plumb_queue_accepted_total\\{[^}]*} [1-9]")
                .containsPattern("plumb_turns_total\\{[^}]*} [1-9]")
                .containsPattern("plumb_commits_total\\{[^}]*} [1-9]")
                .doesNotContain(customer.toString());
    }

    @Test
    void theAuditAndTheHistoryAnswer() throws Exception {
        UUID customer = UUID.randomUUID();
        String owner = Http.putCustomer(cluster.instance(1), customer).header("Plumb-Owner");

        Http.Answer audit = Http.get(cluster.instance(2), "/api/plumb/audit?full=true");
        assertThat(audit.status()).isEqualTo(200);
        assertThat(audit.body()).contains("\"violations\":[]", "\"exact\":true", "\"checkedAt\":");
        assertThat(Http.get(cluster.instance(2), "/admin/leases.xhtml").body()).contains("✓ nothing out of order");
        assertThat(Http.get(cluster.instance(2), "/metrics").body())
                .containsPattern("plumb_audit_violations\\{[^}]*} 0\\.0");

        String history = "/api/plumb/history/customer/" + customer;
        assertThat(Http.get(cluster.instance(3), history + "?at=2999-01-01T00:00:00Z")
                        .member("name"))
                .isEqualTo(owner);
        assertThat(Http.get(cluster.instance(3), history + "?at=1999-01-01T00:00:00Z")
                        .status())
                .isEqualTo(404);
        assertThat(Http.get(cluster.instance(3), history + "?at=noon").status()).isEqualTo(400);
        assertThat(Http.get(cluster.instance(3), history).body()).contains("\"name\":\"" + owner + "\"", "\"cause\":");
        assertThat(Http.get(cluster.instance(3), "/api/plumb/history/customer/nobody?at=2999-01-01T00:00:00Z")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void thePageShowsInstancesRangesAndWhoOwnsAKey() throws Exception {
        UUID customer = UUID.randomUUID();
        String owner = Http.get(cluster.instance(1), Http.customer(customer)).header("Plumb-Owner");

        Http.Answer page = Http.get(cluster.instance(3), "/admin/leases.xhtml?domain=customer&key=" + customer);

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body())
                .contains("instance-1", "instance-2", "instance-3</a> (this one)")
                .contains(cluster.longs("select count(*) from plumb.range_lease")
                                .getFirst() + " ranges, 0 without an owner")
                .containsPattern("owned by " + owner);
    }

    @Test
    void thePageShowsWhatPeopleTypedAsTextOnly() throws Exception {
        Http.Answer page = Http.get(
                cluster.instance(1), "/admin/leases.xhtml?domain=customer&key=%3Cscript%3Ealert(1)%3C/script%3E");

        assertThat(page.body()).doesNotContain("<script>alert").contains("&lt;script&gt;");
    }

    @Test
    void theMapHasAPieceForEachRangeThatLeadsToIt() throws Exception {
        String page = Http.get(cluster.instance(2), "/admin/leases.xhtml").body();

        List<Long> ranges = cluster.longs("select range_id from plumb.range_lease");
        assertThat(ranges)
                .allSatisfy(range -> assertThat(page)
                        .containsPattern("<a href=\"range\\.xhtml\\?id=" + range + "\" aria-label=\"range " + range
                                + ", [0-9.]+ %, instance-[123]\">"));
        assertThat(page).doesNotContain("fill=\"url(#unowned)\"");
    }

    @Test
    void thePageOfARangeSaysWhoOwnedItAndWhyItMoved() throws Exception {
        UUID customer = Http.customerOf(cluster.instance(1));
        String range = Http.get(cluster.instance(2), "/api/routes/customer/" + customer)
                .member("range");
        await("moved; a wish is given up if its target does not answer at once")
                .atMost(PATIENCE)
                .until(() -> {
                    Http.Answer place = Http.get(cluster.instance(2), "/api/routes/customer/" + customer);
                    if (place.member("name").equals("instance-3")) return true;
                    Http.Answer wish = Http.send(Http.request(
                                    cluster.instance(2), "/api/plumb/ranges/" + range + "/move")
                            .header("If-Match", "\"" + place.member("epoch") + "\"")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{\"to\":\"instance-3\",\"reason\":\"a <b>look</b>\"}")));
                    assertThat(wish.status()).as(wish.body()).isIn(202, 409, 412); // under way, or there
                    return false;
                });

        String page =
                Http.get(cluster.instance(2), "/admin/range.xhtml?id=" + range).body();

        assertThat(page)
                .contains("<dt>owner</dt>", "admin on instance-2")
                .contains("a &lt;b&gt;look&lt;/b&gt;")
                .containsPattern("instance-3, since 20[0-9-]+T[0-9:]+Z");
        assertThat(Http.get(cluster.instance(2), "/admin/range.xhtml?id=999999").body())
                .contains("There is no range 999999");
    }

    @Test
    void theContractIsServed() throws Exception {
        assertThat(Http.get(cluster.instance(1), "/openapi").body())
                .contains("operationId: reorder", "operationId: moveRange", "OutcomeUnknown");
    }
}

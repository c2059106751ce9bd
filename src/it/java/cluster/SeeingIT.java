package cluster;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Instance;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What people and their tools see.
class SeeingIT {
    private final Cluster cluster = Cluster.healthy();

    @Test
    void healthAnswersAtBothAddresses() throws Exception {
        for (Instance instance : cluster.instances()) {
            for (String check : new String[] {"started", "ready", "live"})
                assertThat(instance.status("/api/plumb/health/" + check)).isEqualTo(200);
            for (String check : new String[] {"started", "ready", "live"})
                assertThat(instance.status("/health/" + check)).isEqualTo(200);
        }
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
                .contains("instance-1", "instance-2", "instance-3 (this one)")
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
}

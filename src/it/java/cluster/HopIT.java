package cluster;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import plumb.http.SignedHop;

/// What another instance may say, and what an outsider may not.
class HopIT {
    private final Cluster cluster = Cluster.healthy();

    @Test
    void aHopToAnInstanceThatDoesNotOwnTheKeyIsMisdirected() throws Exception {
        UUID customer = UUID.randomUUID();
        Instance other = someoneElseThanTheOwnerOf(customer);

        Http.Answer answer =
                hop(other, customer, SignedHop.headers("k1", Cluster.SECRET, "GET", Http.customer(customer)));

        assertThat(answer.status()).isEqualTo(421);
        assertThat(answer.member("type")).endsWith("/not-owner");
    }

    @Test
    void anOutsidersHopHeadersAreIgnoredAndCounted() throws Exception {
        UUID customer = UUID.randomUUID();
        Instance other = someoneElseThanTheOwnerOf(customer);
        String before = badSignatures(other);

        Http.Answer answer = hop(
                other,
                customer,
                SignedHop.headers(
                        "k1",
                        "not the secret of the instances".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        "GET",
                        Http.customer(customer)));

        assertThat(answer.status()).as("forwarded like anybody's request").isEqualTo(404);
        assertThat(answer.header("Via")).isEqualTo("1.1 " + other.name());
        assertThat(badSignatures(other)).isNotEqualTo(before);
    }

    /// A peer signs it again by the clock that the answer tells; a replay cannot.
    @Test
    void aHopThatWasNotSignedJustNowIsNotServed() throws Exception {
        UUID customer = UUID.randomUUID();
        Instance owner = cluster.named(
                Http.get(cluster.instance(1), Http.customer(customer)).header("Plumb-Owner"));

        for (Duration ahead : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ofMinutes(-1))) {
            Http.Answer answer = hop(
                    owner, customer, SignedHop.headers("k1", Cluster.SECRET, "GET", Http.customer(customer), ahead));

            assertThat(answer.status()).isEqualTo(425);
            assertThat(answer.member("type")).endsWith("/hop-out-of-time");
            assertThat(answer.header("Signature-Input")).startsWith("plumb=(\"@status\"");
        }
    }

    @Test
    void anOutsidersRequestIdIsDropped() throws Exception {
        UUID customer = UUID.randomUUID();
        Http.putCustomer(cluster.instance(1), customer);

        for (int i = 0; i < 2; i++)
            assertThat(Http.send(Http.reorder(cluster.instance(1), customer)
                                    .header("Plumb-Request-Id", "client:forged"))
                            .status())
                    .isEqualTo(201);
    }

    private Instance someoneElseThanTheOwnerOf(UUID customer) throws Exception {
        String owner = Http.get(cluster.instance(1), Http.customer(customer)).header("Plumb-Owner");
        return cluster.instances().stream()
                .filter(each -> !each.name().equals(owner))
                .findFirst()
                .orElseThrow();
    }

    private static Http.Answer hop(Instance to, UUID customer, Map<String, String> headers) throws Exception {
        var request = Http.request(to, Http.customer(customer)).GET();
        headers.forEach(request::header);
        return Http.send(request);
    }

    private static String badSignatures(Instance at) throws Exception {
        return Http.get(at, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("plumb_hop_bad_signatures_total{"))
                .findFirst()
                .orElseThrow();
    }
}

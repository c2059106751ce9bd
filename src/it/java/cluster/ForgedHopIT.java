package cluster;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Instance;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Somebody has listened in on a genuine hop, and now makes of it what he can. He is believed where an instance that
/// does not own the key answers 421; who is not believed is forwarded, as everybody is.
@Timeout(300)
class ForgedHopIT {
    private static final Pattern ORDER = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    private final Cluster cluster = Cluster.healthy();
    private final Instance sender = cluster.instance(1);
    private final Instance owner = cluster.instance(2);
    private final Instance third = cluster.instance(3);

    /// The bytes of one hop, and what its client was answered.
    private record Captured(UUID customer, String hop, Http.Answer answer) {}

    private Captured reorder() throws Exception {
        return reorder(BodyPublishers.noBody());
    }

    private Captured reorder(HttpRequest.BodyPublisher body) throws Exception {
        UUID customer = Http.customerOf(owner);
        Wire wire = cluster.fromPeers(2);
        wire.listenIn();
        Http.Answer answer = Http.send(Http.reorder(sender, customer)
                .header("Idempotency-Key", "tonight")
                .header("Content-Type", "application/json")
                .POST(body));
        assertThat(answer.status()).isEqualTo(201);
        return new Captured(customer, hopFor(customer, wire.heard()), answer);
    }

    private static String hopFor(UUID customer, String heard) {
        int begin = heard.indexOf("POST /api/customers/" + customer);
        int body = heard.indexOf("\r\n\r\n", begin) + 4;
        Matcher length = Pattern.compile("(?i)content-length: *(\\d+)").matcher(heard.substring(begin, body));
        return heard.substring(begin, body + (length.find() ? Integer.parseInt(length.group(1)) : 0));
    }

    private static String orderIn(String body) {
        Matcher id = ORDER.matcher(body);
        assertThat(id.find()).as(body).isTrue();
        return id.group(1);
    }

    private long orders(UUID customer) {
        return cluster.longs("select count(*) from usualpizza.customer_order where customer_id = '" + customer + "'")
                .getFirst();
    }

    @Test
    void aReplayToTheOwnerHasNoSecondEffect() throws Exception {
        Captured captured = reorder();

        for (int i = 0; i < 3; i++) {
            Raw.Answer replayed = Raw.ask(owner, captured.hop);
            assertThat(replayed.status()).as(replayed.all()).isEqualTo(200);
            assertThat(orderIn(replayed.body())).isEqualTo(orderIn(captured.answer.body()));
        }

        assertThat(orders(captured.customer)).isOne();
    }

    @Test
    void aReplayToAnotherInstanceIsMisdirected() throws Exception {
        Captured captured = reorder();

        for (Instance other : List.of(sender, third)) {
            Raw.Answer replayed = Raw.ask(other, captured.hop);
            assertThat(replayed.status()).isEqualTo(421);
            assertThat(replayed.body())
                    .contains("/not-owner")
                    .doesNotContain(":" + cluster.fromPeers(2).port());
        }

        assertThat(orders(captured.customer)).isOne();
    }

    /// Cut anywhere: in its first line, a header, before its body, in its body.
    @Test
    void aTruncatedHopHasNoEffect() throws Exception {
        Captured captured = reorder(BodyPublishers.ofString("{\"address\":{\"line\":\"2 Side Street\"}}"));
        UUID customer = captured.customer;
        int body = captured.hop.indexOf("\r\n\r\n") + 4;

        for (int length : List.of(10, body / 2, body - 2, body, body + 5, captured.hop.length() - 1))
            try (var connection = new Raw(owner)) {
                connection.say(captured.hop.substring(0, length));
                connection.end();
                assertThat(connection.answer().status()).isNotIn(200, 201);
            }

        assertThat(orders(customer)).isOne();
        assertThat(Http.get(owner, Http.customer(customer)).status()).isEqualTo(200);
    }

    @Test
    void aHopWithAnotherBodyIsRefused() throws Exception {
        Captured captured = reorder(BodyPublishers.ofString("{\"address\":{\"line\":\"2 Side Street\"}}"));
        String elsewhere = captured.hop.replace("2 Side Street", "9 Evil Street");
        String longer = captured.hop.replaceFirst("(?i)(content-length: *)\\d+", "$1200") + " ".repeat(200);
        String none = captured.hop.replaceFirst("(?i)(content-length: *)\\d+", "$10");

        for (String changed : List.of(elsewhere, longer, none)) {
            assertThat(changed).isNotEqualTo(captured.hop);
            Raw.Answer answer = Raw.ask(owner, changed);
            assertThat(answer.status()).as(answer.all()).isEqualTo(400);
            assertThat(answer.body()).contains("/hop-altered");
        }

        assertThat(orders(captured.customer)).isOne();
        assertThat(Raw.ask(owner, captured.hop).status()).as("as it was").isEqualTo(200);
    }

    /// Everything that the signature covers, the signature itself, and ways to leave some of it out.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "another method|^POST |GET ",
                "another path|/orders HTTP|/orders/00000000-0000-4000-8000-000000000000/events HTTP",
                "a query|/orders HTTP|/orders?a=b HTTP",
                "an empty query of another form|/orders HTTP|/orders?= HTTP",
                "another spelling of the path|(/customers/[0-9a-f]{8})-|$1%2D",
                "another sender|from=\"instance-1\"|from=\"instance-3\"",
                "another epoch|epoch=(\\d+)|epoch=1$1",
                "more hops|hops=1|hops=2",
                "another deadline|(?i)(plumb-deadline: *)\\d+|$199999",
                "no deadline|(?i)plumb-deadline: *\\d+|X: 1",
                "another request id|client:tonight|client:tomorrow",
                "another digest|sha-256=:..|sha-256=:AA",
                "no digest|(?im)^plumb-digest: .*\\r\\n|",
                "two request ids|(?i)(plumb-request-id: *[^\\r]+)|$1~Plumb-Request-Id: client:x",
                "another time|created=(\\d+)|created=9$1",
                "a later time|created=\\d(\\d+)|created=2$1",
                "another key|keyid=\"k1\"|keyid=\"k2\"",
                "no key|;keyid=\"k1\"|",
                "another algorithm|hmac-sha256|none",
                "fewer components| \"plumb-digest\"\\)|)",
                "no components|\\(\"@method\".*?\\)|()",
                "another label|(?i)(signature(-input)?: )plumb=|$1other=",
                "half a signature|(?i)(signature: plumb=:.{10})[^:]+|$1",
                "an empty signature|(?i)(signature: plumb=:)[^:]+|$1",
                "no signature|(?im)^signature: .*\\r\\n|",
                "two signatures|(?i)(signature: )(plumb=:[^:]+:)|$1plumb=:AAAA:, $2",
                "no input|(?im)^signature-input: .*\\r\\n|",
            })
    void aHopThatWasChangedIsNotBelieved(String what, String part, String instead) throws Exception {
        Captured captured = reorder();
        String with = instead == null ? "" : instead.replace("~", "\r\n");
        String changed = Pattern.compile(part).matcher(captured.hop).replaceFirst(with);
        assertThat(changed).isNotEqualTo(captured.hop);
        double before = badSignatures(third);

        Raw.Answer answer = Raw.ask(third, changed);

        assertThat(answer.status())
                .as(what + ": " + answer.all())
                .isNotEqualTo(421)
                .isLessThan(500);
        assertThat(badSignatures(third)).isGreaterThan(before);
        assertThat(orders(captured.customer)).as("under its own id at most").isLessThanOrEqualTo(2);
    }

    @Test
    void aForgedHopWithoutAnySignatureIsForwardedLikeAnybodys() throws Exception {
        Captured captured = reorder();
        UnaryOperator<String> unsigned = hop -> hop.replaceAll("(?im)^signature.*\r\n", "");

        Raw.Answer answer = Raw.ask(third, unsigned.apply(captured.hop));

        assertThat(answer.header("Via")).isEqualTo("1.1 " + third.name());
        assertThat(answer.header("Plumb-Owner")).isEqualTo(owner.name());
    }

    private static double badSignatures(Instance at) throws Exception {
        return Http.get(at, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("plumb_hop_bad_signatures_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}

package plumb.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import plumb.RequestId;
import plumb.keyspace.Epoch;

/// What outsiders write into headers, on its way to another instance and there.
class HopHeadersTest {
    private static final String PATH = "/api/customers/1";
    private static final HttpSettings SETTINGS = new HttpSettings(
            "me",
            Duration.ofMillis(300),
            4,
            Duration.ofSeconds(10),
            Duration.ofMillis(250),
            Duration.ofSeconds(5),
            4,
            8,
            1_024,
            4_096,
            HttpSettings.Routing.FORWARD,
            "https://shop.example:8443/pizza",
            1,
            Map.of("k", "0123456789abcdef".getBytes(UTF_8)));

    private final HopSigner signer = new HopSigner(SETTINGS, InstantSource.system());
    private final HttpStats stats = new HttpStats();

    private Headers sent(Headers arrived) throws IOException {
        return sent(arrived, body(""));
    }

    private static HopBody body(String text) {
        return new HopBody(new ByteArrayInputStream(text.getBytes(UTF_8)), 10);
    }

    private Headers sent(Headers arrived, HopBody body) throws IOException {
        var request = new HopRequest("GET", PATH, null, arrived, "http", "10.0.0.9", body);
        return new HopHeaders(SETTINGS, signer)
                .request(request, PATH, new Hop("me", new Epoch(3)), Duration.ofSeconds(1), Duration.ZERO);
    }

    private Credentials credentials(Headers received) {
        return Credentials.of(received, "GET", URI.create("http://peer" + PATH), signer, stats);
    }

    @Test
    void whatWeSendIsBelieved() throws Exception {
        assertThat(credentials(sent(new Headers().add("Host", "shop.example"))).trusted())
                .isTrue();
    }

    /// Else the library below sends the peer's address, and its resource tells it in a `Location`.
    @Test
    void theHostGoesOnThoughTheClientSaysThatItEndsHere() throws Exception {
        var hiding = new Headers().add("Host", "shop.example").add("Connection", "close, Host");

        assertThat(sent(hiding).all("Host")).containsExactly("shop.example");
    }

    @Test
    void whoNamesNoHostMeansOurPublicOne() throws Exception {
        assertThat(sent(new Headers()).all("Host")).containsExactly("shop.example:8443");
    }

    @Test
    void theFirstOfTwoHostsCounts() throws Exception {
        var two = new Headers().add("Host", "a.example").add("Host", "b.example");

        assertThat(sent(two).all("Host")).containsExactly("a.example");
    }

    @Test
    void whatOnlyInstancesSayIsReplacedAndConnectionCannotRemoveIt() throws Exception {
        Headers sent = sent(new Headers()
                .add(Hop.FORWARD, "from=\"evil\", epoch=9, hops=1")
                .add(Hop.DEADLINE, "999999999")
                .add("Connection", "Plumb-Forward, Plumb-Deadline, Signature, Signature-Input, Via, X-Mine")
                .add("X-Mine", "ends here")
                .add(Headers.VIA, "1.0 proxy"));

        assertThat(sent.all(Hop.FORWARD)).containsExactly("from=\"me\", epoch=3, hops=1");
        assertThat(sent.all(Hop.DEADLINE)).containsExactly("950");
        assertThat(sent.all("X-Mine")).isEmpty();
        assertThat(credentials(sent).trusted()).isTrue();
    }

    /// Signed without a request id. Two of them would read as none, and the resource would see the first.
    @Test
    void aCoveredHeaderThatWasAddedTwiceIsNotBelieved() throws Exception {
        for (String name : List.of(RequestId.HEADER, Hop.DEADLINE, Hop.FORWARD)) {
            Headers hop = sent(new Headers());
            assertThat(credentials(hop).trusted()).isTrue();
            hop.add(name, "client:a").add(name, "client:b");

            assertThat(credentials(hop).trusted()).as(name).isFalse();
            assertThat(credentials(hop).hop()).as(name).isNull();
        }
        assertThat(stats.badSignatures()).isEqualTo(6);
    }

    @Test
    void aBodyThatIsKeptIsSignedToo() throws Exception {
        Headers hop = sent(new Headers(), body("a body"));

        assertThat(hop.single(Hop.DIGEST))
                .isEqualTo(body("a body").digest())
                .isNotEqualTo(body("A body").digest())
                .isNotEqualTo(body("").digest());
        hop.remove(Hop.DIGEST);
        assertThat(credentials(hop).trusted()).as("without its digest").isFalse();
    }

    @Test
    void aBodyThatIsTooLongToBeKeptIsNot() throws Exception {
        Headers hop = sent(new Headers().add(Hop.DIGEST, "sha-256=:AAAA:"), body("longer than ten"));

        assertThat(hop.all(Hop.DIGEST)).isEmpty();
        assertThat(credentials(hop).trusted()).isTrue();
        hop.add(Hop.DIGEST, String.valueOf(body("").digest()));
        assertThat(credentials(hop).trusted()).isFalse();
    }

    /// Peers that meet over TLS, and clients that do not, or the other way round.
    @Test
    void linksHaveTheSchemeThatTheClientUsed() {
        var arrived = new Headers().add("Host", "shop.example:8080");
        var request = new HopRequest("POST", PATH, null, arrived, "http", "10.0.0.9", body(""));
        var received = new Headers()
                .add("Location", "https://shop.example:8080/api/customers/1")
                .add("Link", "<https://shop.example:8080/api?after=1>; rel=\"next\"")
                .add("X-Other", "https://shop.example:8080/");
        var headers = new HopHeaders(SETTINGS, signer);

        Headers answer = headers.answer(received, request, "https");

        assertThat(answer.single("Location")).isEqualTo("http://shop.example:8080/api/customers/1");
        assertThat(answer.single("Link")).isEqualTo("<http://shop.example:8080/api?after=1>; rel=\"next\"");
        assertThat(answer.single("X-Other")).isEqualTo("https://shop.example:8080/");
        assertThat(headers.answer(received, request, "http").single("Location")).startsWith("https:");
    }

    @Test
    void othersSignaturesStayAsTheyAre() {
        var headers = new Headers()
                .add("Signature", "plumb=:AAAA:, sig1=:BBBB:,plumb=:CCCC:")
                .add("Signature-Input", "sig1=(\"@method\");keyid=\"a,  b\", plumb=();x")
                .add("Signature-Input", "plumb=(\"@path\")");

        headers.stripSignature();

        assertThat(headers.all("Signature")).containsExactly("sig1=:BBBB:");
        assertThat(headers.all("Signature-Input")).containsExactly("sig1=(\"@method\");keyid=\"a,  b\"");
    }

    /// Took a second of CPU for what fits into a request's head.
    @Test
    void commasWithoutEndAreReadInNoTime() {
        var headers = new Headers().add("Signature", ", ".repeat(100_000) + "x");
        long begun = System.nanoTime();

        headers.stripSignature();

        assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(2).toNanos());
        assertThat(headers.all("Signature")).containsExactly("x");
    }
}

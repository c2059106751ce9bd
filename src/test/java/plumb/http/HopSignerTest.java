package plumb.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import plumb.http.HopSigner.Signature;
import plumb.http.HopSigner.Signed;

class HopSignerTest {
    private static final byte[] OLD = "the secret of last month".getBytes(UTF_8);
    private static final byte[] NEW = "the secret of this month".getBytes(UTF_8);
    private static final Signed HOP =
            new Signed("POST", "/api/customers/1/orders", "a=b", "from=\"i-1\", epoch=3, hops=1", "900", "minted:1");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource clock = () -> now;

    private HopSigner signer(Object... secrets) {
        var byId = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < secrets.length; i += 2) byId.put((String) secrets[i], (byte[]) secrets[i + 1]);
        return new HopSigner(settings(byId), clock);
    }

    private static HttpSettings settings(Map<String, byte[]> secrets) {
        Duration second = Duration.ofSeconds(1);
        return new HttpSettings("i-1", second, 1, second, second, second, 1, 1, 1, 1, secrets);
    }

    private static boolean verified(HopSigner signer, Signed what, Signature signature) {
        return signer.verify(what, signature.input(), signature.signature());
    }

    @Test
    void whatAPeerSignedIsBelieved() {
        HopSigner signer = signer("k1", NEW);

        assertThat(verified(signer, HOP, signer.sign(HOP))).isTrue();
    }

    @Test
    void nothingThatIsCoveredMayChange() {
        HopSigner signer = signer("k1", NEW);
        Signature signature = signer.sign(HOP);

        List<Signed> tampered = List.of(
                new Signed("PUT", HOP.path(), HOP.query(), HOP.forward(), HOP.deadline(), HOP.requestId()),
                new Signed(
                        HOP.method(),
                        "/api/customers/2/orders",
                        HOP.query(),
                        HOP.forward(),
                        HOP.deadline(),
                        HOP.requestId()),
                new Signed(HOP.method(), HOP.path(), null, HOP.forward(), HOP.deadline(), HOP.requestId()),
                new Signed(
                        HOP.method(),
                        HOP.path(),
                        HOP.query(),
                        "from=\"i-2\", epoch=3, hops=1",
                        HOP.deadline(),
                        HOP.requestId()),
                new Signed(HOP.method(), HOP.path(), HOP.query(), HOP.forward(), "901", HOP.requestId()),
                new Signed(HOP.method(), HOP.path(), HOP.query(), HOP.forward(), HOP.deadline(), "client:1"));

        assertThat(tampered).noneMatch(each -> verified(signer, each, signature));
    }

    @Test
    void anotherSecretIsNotBelieved() {
        assertThat(verified(signer("k1", NEW), HOP, signer("k1", OLD).sign(HOP)))
                .isFalse();
        assertThat(verified(signer("k1", NEW), HOP, signer("k2", NEW).sign(HOP)))
                .as("unknown key id")
                .isFalse();
    }

    @Test
    void anOldSignatureIsNotBelieved() {
        HopSigner signer = signer("k1", NEW);
        Signature signature = signer.sign(HOP);

        now = now.plus(HopSigner.TOLERANCE);
        assertThat(verified(signer, HOP, signature)).isTrue();
        now = now.plusSeconds(1);
        assertThat(verified(signer, HOP, signature)).isFalse();
    }

    @Test
    void secretsAreRotatedByLettingBothVerifyAndTheFirstSign() {
        HopSigner before = signer("old", OLD);
        HopSigner during = signer("new", NEW, "old", OLD);
        HopSigner after = signer("new", NEW);

        assertThat(verified(during, HOP, before.sign(HOP))).isTrue();
        assertThat(verified(after, HOP, during.sign(HOP))).isTrue();
        assertThat(verified(after, HOP, before.sign(HOP))).isFalse();
    }

    @Test
    void headersThatAreMissingOrRubbishAreNotBelieved() {
        HopSigner signer = signer("k1", NEW);
        Signature signature = signer.sign(HOP);

        assertThat(signer.verify(HOP, null, signature.signature())).isFalse();
        assertThat(signer.verify(HOP, signature.input(), null)).isFalse();
        assertThat(signer.verify(HOP, "rubbish", signature.signature())).isFalse();
        assertThat(signer.verify(HOP, signature.input(), "plumb=:!!!:")).isFalse();
        assertThat(signer().verify(HOP, signature.input(), signature.signature()))
                .as("no secrets")
                .isFalse();
    }
}

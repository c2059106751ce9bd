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
import plumb.http.HopSigner.Verdict;

class HopSignerTest {
    private static final byte[] OLD = "the secret of last month".getBytes(UTF_8);
    private static final byte[] NEW = "the secret of this month".getBytes(UTF_8);
    private static final Signed HOP = new Signed(
            "POST", "/api/customers/1/orders", "a=b", "from=\"i-1\", epoch=3, hops=1", "900", "minted:1", "d");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource clock = () -> now;

    private HopSigner signer(Object... secrets) {
        var byId = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < secrets.length; i += 2) byId.put((String) secrets[i], (byte[]) secrets[i + 1]);
        return new HopSigner(settings(byId), clock);
    }

    private static HttpSettings settings(Map<String, byte[]> secrets) {
        Duration second = Duration.ofSeconds(1);
        return new HttpSettings(
                "i-1", second, 1, second, second, second, 1, 1, 1, 1, HttpSettings.Routing.FORWARD, "", 1, secrets);
    }

    private static boolean verified(HopSigner signer, Signed what, Signature signature) {
        return verdict(signer, what, signature) == Verdict.GOOD;
    }

    private static Verdict verdict(HopSigner signer, Signed what, Signature signature) {
        return signer.verify(what, signature.input(), signature.signature());
    }

    private static Signature signed(HopSigner signer) {
        return signer.sign(HOP, Duration.ZERO);
    }

    @Test
    void whatAPeerSignedIsBelieved() {
        HopSigner signer = signer("k1", NEW);

        assertThat(verified(signer, HOP, signed(signer))).isTrue();
    }

    @Test
    void nothingThatIsCoveredMayChange() {
        HopSigner signer = signer("k1", NEW);
        Signature signature = signed(signer);

        List<Signed> tampered = List.of(
                new Signed(
                        "PUT", HOP.path(), HOP.query(), HOP.forward(), HOP.deadline(), HOP.requestId(), HOP.digest()),
                new Signed(
                        HOP.method(),
                        "/api/customers/2/orders",
                        HOP.query(),
                        HOP.forward(),
                        HOP.deadline(),
                        HOP.requestId(),
                        HOP.digest()),
                new Signed(
                        HOP.method(), HOP.path(), null, HOP.forward(), HOP.deadline(), HOP.requestId(), HOP.digest()),
                new Signed(
                        HOP.method(),
                        HOP.path(),
                        HOP.query(),
                        "from=\"i-2\", epoch=3, hops=1",
                        HOP.deadline(),
                        HOP.requestId(),
                        HOP.digest()),
                new Signed(HOP.method(), HOP.path(), HOP.query(), HOP.forward(), "901", HOP.requestId(), HOP.digest()),
                new Signed(
                        HOP.method(), HOP.path(), HOP.query(), HOP.forward(), HOP.deadline(), "client:1", HOP.digest()),
                new Signed(HOP.method(), HOP.path(), HOP.query(), HOP.forward(), HOP.deadline(), HOP.requestId(), ""));

        assertThat(tampered).noneMatch(each -> verified(signer, each, signature));
    }

    @Test
    void anotherSecretIsNotBelieved() {
        assertThat(verified(signer("k1", NEW), HOP, signed(signer("k1", OLD)))).isFalse();
        assertThat(verified(signer("k1", NEW), HOP, signed(signer("k2", NEW))))
                .as("unknown key id")
                .isFalse();
    }

    @Test
    void anOldSignatureIsNotBelieved() {
        HopSigner signer = signer("k1", NEW);
        Signature signature = signed(signer);

        now = now.plus(HopSigner.TOLERANCE);
        assertThat(verified(signer, HOP, signature)).isTrue();
        now = now.plusSeconds(1);
        assertThat(verdict(signer, HOP, signature)).isEqualTo(Verdict.OUT_OF_TIME);
    }

    @Test
    void aPeerThatToldItsClockBelievesWhatIsSignedByIt() {
        Instant ours = now;
        Duration hour = Duration.ofHours(1);
        HopSigner signer = signer("k1", NEW);
        Signature early = signed(signer);

        now = ours.plus(hour);
        assertThat(verdict(signer, HOP, early)).isEqualTo(Verdict.OUT_OF_TIME);
        Signature told = signer.tellClock(early.signature());

        now = ours;
        assertThat(signer.ahead(early.signature(), told.input(), told.signature()))
                .contains(hour);
        Signature aligned = signer.sign(HOP, hour);
        now = ours.plus(hour);
        assertThat(verified(signer, HOP, aligned)).isTrue();
    }

    /// Else whoever can answer in a peer's place could make us sign for a time to come.
    @Test
    void aClockIsBelievedOnlyIfAPeerToldItInAnswerToThisHop() {
        HopSigner signer = signer("k1", NEW);
        String hop = signed(signer).signature();
        Signature told = signer.tellClock(hop);
        now = now.plusSeconds(1);
        String another = signed(signer).signature();

        assertThat(signer.ahead(another, told.input(), told.signature())).isEmpty();
        assertThat(signer.ahead(hop, told.input().replaceFirst("created=\\d+", "created=1"), told.signature()))
                .isEmpty();
        assertThat(signer("k1", OLD).ahead(hop, told.input(), told.signature())).isEmpty();
        assertThat(signer.ahead(hop, null, null)).isEmpty();
    }

    @Test
    void aHopIsNoAnswerAndAnAnswerNoHop() {
        HopSigner signer = signer("k1", NEW);
        Signature hop = signed(signer);
        Signature told = signer.tellClock(hop.signature());

        assertThat(verdict(signer, HOP, told)).isEqualTo(Verdict.FOREIGN);
        assertThat(signer.ahead(hop.signature(), hop.input(), hop.signature())).isEmpty();
    }

    @Test
    void secretsAreRotatedByLettingBothVerifyAndTheFirstSign() {
        HopSigner before = signer("old", OLD);
        HopSigner during = signer("new", NEW, "old", OLD);
        HopSigner after = signer("new", NEW);

        assertThat(verified(during, HOP, signed(before))).isTrue();
        assertThat(verified(after, HOP, signed(during))).isTrue();
        assertThat(verified(after, HOP, signed(before))).isFalse();
    }

    /// Instances are restarted one after the other, so each step meets the one before and the one after it. Who leaves
    /// a step out has hops that are not believed.
    @Test
    void aRotationStepByStepFailsNoHop() {
        List<HopSigner> steps = List.of(
                signer("old", OLD), // everywhere
                signer("old", OLD, "new", NEW), // everywhere, before anybody signs with it
                signer("new", NEW, "old", OLD), // everywhere, before anybody forgets the old one
                signer("new", NEW));

        for (int i = 0; i + 1 < steps.size(); i++) {
            HopSigner before = steps.get(i);
            HopSigner after = steps.get(i + 1);
            assertThat(verified(after, HOP, signed(before))).as("to step " + i).isTrue();
            assertThat(verified(before, HOP, signed(after)))
                    .as("back from step " + i)
                    .isTrue();
        }
        assertThat(verified(steps.get(0), HOP, signed(steps.get(2)))).isFalse();
    }

    @Test
    void headersThatAreMissingOrRubbishAreNotBelieved() {
        HopSigner signer = signer("k1", NEW);
        Signature signature = signed(signer);

        assertThat(signer.verify(HOP, null, signature.signature())).isEqualTo(Verdict.FOREIGN);
        assertThat(signer.verify(HOP, signature.input(), null)).isEqualTo(Verdict.FOREIGN);
        assertThat(signer.verify(HOP, "rubbish", signature.signature())).isEqualTo(Verdict.FOREIGN);
        assertThat(signer.verify(HOP, signature.input(), "plumb=:!!!:")).isEqualTo(Verdict.FOREIGN);
        assertThat(verdict(signer(), HOP, signature)).as("no secrets").isEqualTo(Verdict.FOREIGN);
    }
}

package plumb.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Signs hops and knows signed ones: HTTP message signatures ([RFC 9421](https://www.rfc-editor.org/rfc/rfc9421)) with
/// `hmac-sha256`, labelled `plumb`, over method, path, query and the four headers of a hop, among them the digest
/// of its body. Immutable.
///
/// The first key signs, all verify: to rotate, add the new key last everywhere, then make it the first, then drop the
/// old one.
///
/// How old a hop is, the receiver's clock says, and no other. Clocks of peers need not agree: a hop that is too old or
/// too new by that clock is refused with an answer that is signed, too, and bound to the hop; its `created` tells the
/// sender the receiver's time, and the sender signs again by that.
///
/// What remains: whoever can read the hop's traffic may replay it as it is for 30 seconds, and one whose body is too
/// long to be kept with another body. TLS between the instances closes that; an effect still happens once per request
/// id, because the id is signed.
public final class HopSigner {
    static final String INPUT = "Signature-Input";
    static final String SIGNATURE = "Signature";

    /// The status of the refusal, "too early" ([RFC 8470](https://www.rfc-editor.org/rfc/rfc8470)): it might be a
    /// replay.
    static final int OUT_OF_TIME = 425;

    /// How far `created` may be off by the receiver's clock, in both directions.
    static final Duration TOLERANCE = Duration.ofSeconds(30);

    private static final String COMPONENTS =
            "(\"@method\" \"@path\" \"@query\" \"plumb-forward\" \"plumb-deadline\" \"plumb-request-id\" \"plumb-digest\")";
    private static final String ANSWER_COMPONENTS = "(\"@status\" \"signature\";req;key=\"plumb\")";
    private static final Pattern INPUT_SYNTAX = inputSyntax(COMPONENTS);
    private static final Pattern ANSWER_INPUT_SYNTAX = inputSyntax(ANSWER_COMPONENTS);
    private static final Pattern SIGNATURE_SYNTAX =
            Pattern.compile("(?:^|,)\\s*plumb=:([A-Za-z0-9+/]{1,88}={0,2}):\\s*(?=,|$)");

    private final Map<String, byte[]> secrets;
    private final InstantSource clock;

    /// @param clock should not jump: with each jump one more refusal is needed per peer
    public HopSigner(HttpSettings settings, InstantSource clock) {
        this.secrets = settings.secrets();
        this.clock = clock;
    }

    /// What is signed. Header values as they are sent.
    ///
    /// @param path raw, as sent
    /// @param query raw, without the question mark; null: none
    /// @param digest of the body; empty: it is longer than what is kept of one, so nobody knows it beforehand
    record Signed(
            String method,
            String path,
            @Nullable String query,
            String forward,
            String deadline,
            String requestId,
            String digest) {
        private String base(String parameters) {
            return "\"@method\": " + method + "\n\"@path\": " + path + "\n\"@query\": ?" + (query == null ? "" : query)
                    + "\n\"plumb-forward\": " + forward + "\n\"plumb-deadline\": " + deadline
                    + "\n\"plumb-request-id\": " + requestId + "\n\"plumb-digest\": " + digest
                    + "\n\"@signature-params\": " + parameters;
        }
    }

    /// The two headers of a signature.
    record Signature(String input, String signature) {}

    /// False: no secret is configured, so nothing can be signed or believed.
    boolean hasKeys() {
        return !secrets.isEmpty();
    }

    /// What a hop's signature is worth.
    enum Verdict {
        /// Signed by one of our keys, just now.
        GOOD,
        /// Signed by one of our keys, but not just now by our clock: a replay, or a peer that does not know our clock.
        OUT_OF_TIME,
        /// Not signed by us.
        FOREIGN
    }

    /// @param ahead by how much the receiver's clock is known to be ahead of ours
    Signature sign(Signed what, Duration ahead) {
        return sign(COMPONENTS, clock.instant().plus(ahead), what::base);
    }

    private Signature sign(String components, Instant created, UnaryOperator<String> base) {
        Map.Entry<String, byte[]> key = secrets.entrySet().iterator().next();
        String parameters = components + ";created=" + created.getEpochSecond() + ";keyid=\"" + key.getKey()
                + "\";alg=\"hmac-sha256\"";
        byte[] mac = mac(key.getValue(), base.apply(parameters));
        return new Signature(
                "plumb=" + parameters, "plumb=:" + Base64.getEncoder().encodeToString(mac) + ":");
    }

    /// Other signatures in the same headers are left to whom they concern.
    Verdict verify(Signed what, @Nullable String input, @Nullable String signature) {
        OptionalLong created = created(INPUT_SYNTAX, what::base, input, signature);
        if (created.isEmpty()) return Verdict.FOREIGN;
        return isFresh(created.getAsLong()) ? Verdict.GOOD : Verdict.OUT_OF_TIME;
    }

    /// Of the answer to a hop that is out of time: says what our clock shows.
    ///
    /// @param hop the hop's `Signature`
    Signature tellClock(String hop) {
        return sign(ANSWER_COMPONENTS, clock.instant(), parameters -> answerBase(hop, parameters));
    }

    /// By how much the clock of the peer that answered so is ahead of ours; empty: no peer said so, to that hop.
    ///
    /// @param hop the `Signature` of the hop that was answered
    Optional<Duration> ahead(String hop, @Nullable String input, @Nullable String signature) {
        OptionalLong told = created(ANSWER_INPUT_SYNTAX, parameters -> answerBase(hop, parameters), input, signature);
        return told.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Duration.ofSeconds(told.getAsLong() - clock.instant().getEpochSecond()));
    }

    /// When that was signed; empty: not by one of our keys.
    private OptionalLong created(
            Pattern syntax, UnaryOperator<String> base, @Nullable String input, @Nullable String signature) {
        if (input == null || signature == null) return OptionalLong.empty();
        Matcher in = syntax.matcher(input);
        Matcher sig = SIGNATURE_SYNTAX.matcher(signature);
        if (!in.find() || !sig.find()) return OptionalLong.empty();
        byte[] secret = secrets.get(in.group(3));
        if (secret == null) return OptionalLong.empty();
        byte[] claimed;
        try {
            claimed = Base64.getDecoder().decode(sig.group(1));
        } catch (IllegalArgumentException e) {
            return OptionalLong.empty();
        }
        boolean ours = MessageDigest.isEqual(mac(secret, base.apply(in.group(1))), claimed); // in constant time
        return ours ? OptionalLong.of(Long.parseLong(in.group(2))) : OptionalLong.empty();
    }

    private boolean isFresh(long created) {
        return Math.abs(clock.instant().getEpochSecond() - created) <= TOLERANCE.toSeconds();
    }

    private static String answerBase(String hop, String parameters) {
        Matcher sig = SIGNATURE_SYNTAX.matcher(hop);
        String value = sig.find() ? sig.group(1) : "";
        return "\"@status\": " + OUT_OF_TIME + "\n\"signature\";req;key=\"plumb\": :" + value
                + ":\n\"@signature-params\": " + parameters;
    }

    private static Pattern inputSyntax(String components) {
        return Pattern.compile("(?:^|,)\\s*plumb=("
                + Pattern.quote(components)
                + ";created=(\\d{1,12});keyid=\"([A-Za-z0-9._-]{1,64})\";alg=\"hmac-sha256\")\\s*(?=,|$)");
    }

    private static byte[] mac(byte[] secret, String base) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(base.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}

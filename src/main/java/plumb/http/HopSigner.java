package plumb.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Signs hops and knows signed ones: HTTP message signatures ([RFC 9421](https://www.rfc-editor.org/rfc/rfc9421)) with
/// `hmac-sha256`, labelled `plumb`, over method, path, query and the three headers of a hop. Immutable.
///
/// The first key signs, all verify: to rotate, add the new key last everywhere, then make it the first, then drop the
/// old one.
///
/// What remains: whoever can read the hop's traffic may replay it, with another body, for 30 seconds. TLS between the
/// instances closes that; an effect still happens once per request id, because the id is signed.
public final class HopSigner {
    static final String INPUT = "Signature-Input";
    static final String SIGNATURE = "Signature";

    /// How far `created` may be off, in both directions: clocks of peers are assumed to agree that well.
    static final Duration TOLERANCE = Duration.ofSeconds(30);

    private static final String COMPONENTS =
            "(\"@method\" \"@path\" \"@query\" \"plumb-forward\" \"plumb-deadline\" \"plumb-request-id\")";
    private static final Pattern INPUT_SYNTAX = Pattern.compile("(?:^|,)\\s*plumb=("
            + Pattern.quote(COMPONENTS)
            + ";created=(\\d{1,12});keyid=\"([A-Za-z0-9._-]{1,64})\";alg=\"hmac-sha256\")\\s*(?=,|$)");
    private static final Pattern SIGNATURE_SYNTAX =
            Pattern.compile("(?:^|,)\\s*plumb=:([A-Za-z0-9+/]{1,88}={0,2}):\\s*(?=,|$)");

    private final Map<String, byte[]> secrets;
    private final InstantSource clock;

    public HopSigner(HttpSettings settings, InstantSource clock) {
        this.secrets = settings.secrets();
        this.clock = clock;
    }

    /// What is signed. Header values as they are sent.
    ///
    /// @param path raw, as sent
    /// @param query raw, without the question mark; null: none
    record Signed(
            String method, String path, @Nullable String query, String forward, String deadline, String requestId) {
        private String base(String parameters) {
            return "\"@method\": " + method + "\n\"@path\": " + path + "\n\"@query\": ?" + (query == null ? "" : query)
                    + "\n\"plumb-forward\": " + forward + "\n\"plumb-deadline\": " + deadline
                    + "\n\"plumb-request-id\": " + requestId + "\n\"@signature-params\": " + parameters;
        }
    }

    /// The two headers of a signature.
    record Signature(String input, String signature) {}

    /// False: no secret is configured, so nothing can be signed or believed.
    boolean hasKeys() {
        return !secrets.isEmpty();
    }

    Signature sign(Signed what) {
        Map.Entry<String, byte[]> key = secrets.entrySet().iterator().next();
        String parameters = COMPONENTS + ";created=" + clock.instant().getEpochSecond() + ";keyid=\"" + key.getKey()
                + "\";alg=\"hmac-sha256\"";
        byte[] mac = mac(key.getValue(), what.base(parameters));
        return new Signature(
                "plumb=" + parameters, "plumb=:" + Base64.getEncoder().encodeToString(mac) + ":");
    }

    /// True: signed by one of our keys, just now. Other signatures in the same headers are left to whom they concern.
    boolean verify(Signed what, @Nullable String input, @Nullable String signature) {
        if (input == null || signature == null) return false;
        Matcher in = INPUT_SYNTAX.matcher(input);
        Matcher sig = SIGNATURE_SYNTAX.matcher(signature);
        if (!in.find() || !sig.find()) return false;
        byte[] secret = secrets.get(in.group(3));
        if (secret == null || !isFresh(Long.parseLong(in.group(2)))) return false;
        byte[] claimed;
        try {
            claimed = Base64.getDecoder().decode(sig.group(1));
        } catch (IllegalArgumentException e) {
            return false;
        }
        return MessageDigest.isEqual(mac(secret, what.base(in.group(1))), claimed); // in constant time
    }

    private boolean isFresh(long created) {
        return Math.abs(clock.instant().getEpochSecond() - created) <= TOLERANCE.toSeconds();
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

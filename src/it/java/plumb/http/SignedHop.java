package plumb.http;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import plumb.keyspace.Epoch;

/// What an instance that knows that secret would send.
public final class SignedHop {
    private SignedHop() {}

    /// The headers of a hop without a body and without a query.
    public static Map<String, String> headers(String keyId, byte[] secret, String method, String path) {
        return headers(keyId, secret, method, path, Duration.ZERO);
    }

    /// As if signed by a clock that is ahead by that much.
    public static Map<String, String> headers(String keyId, byte[] secret, String method, String path, Duration ahead) {
        var settings = new HttpSettings(
                "instance-9",
                Duration.ZERO,
                1,
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                1,
                1,
                HttpSettings.BUFFER,
                HttpSettings.BODY,
                HttpSettings.Routing.FORWARD,
                "",
                1,
                Map.of(keyId, secret));
        var signer = new HopSigner(settings, InstantSource.system());
        String forward = new Hop("instance-9", new Epoch(1)).header();
        HopSigner.Signature signature =
                signer.sign(new HopSigner.Signed(method, path, null, forward, "5000", "", ""), ahead);
        return Map.of(
                Hop.FORWARD,
                forward,
                Hop.DEADLINE,
                "5000",
                HopSigner.INPUT,
                signature.input(),
                HopSigner.SIGNATURE,
                signature.signature());
    }
}

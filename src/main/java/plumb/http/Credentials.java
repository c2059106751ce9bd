package plumb.http;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.RequestId;

/// Whether a request is a hop, and how far that can be believed.
///
/// @param hop null: it comes from outside
/// @param trusted the signature holds, so its deadline and request id are a peer's
record Credentials(@Nullable Hop hop, boolean trusted) {
    private static final Credentials OUTSIDER = new Credentials(null, false);
    private static final List<String> COVERED = List.of(Hop.FORWARD, Hop.DEADLINE, RequestId.HEADER, Hop.DIGEST);

    /// Counts bad signatures. Where no secret is configured, a hop may claim to be one without proof: the only effect
    /// is that it is not forwarded again.
    ///
    /// @throws ProblemException if a peer signed it, but not just now: for the peer, which signs it again
    static Credentials of(Headers headers, String method, URI uri, HopSigner signer, HttpStats stats) {
        if (headers.all(Hop.FORWARD).isEmpty()) return OUTSIDER;
        String forward = headers.single(Hop.FORWARD);
        Hop hop = forward == null ? null : Hop.parse(forward).orElse(null);
        if (!signer.hasKeys()) return new Credentials(hop, false);
        var signed = HopHeaders.signed(headers, method, uri.getRawPath(), uri.getRawQuery());
        String signature = headers.joined(HopSigner.SIGNATURE);
        HopSigner.Verdict verdict = hop == null || isAmbiguous(headers)
                ? HopSigner.Verdict.FOREIGN
                : signer.verify(signed, headers.joined(HopSigner.INPUT), signature);
        return switch (verdict) {
            case GOOD -> new Credentials(hop, true);
            case OUT_OF_TIME ->
                throw new ProblemException(Refusals.outOfTime(signer.tellClock(String.valueOf(signature))));
            case FOREIGN -> {
                stats.badSignature();
                yield OUTSIDER;
            }
        };
    }

    /// A field that is there twice was signed as if it was not there at all.
    private static boolean isAmbiguous(Headers headers) {
        return COVERED.stream().anyMatch(name -> headers.all(name).size() > 1);
    }
}

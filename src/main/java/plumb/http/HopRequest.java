package plumb.http;

import org.jspecify.annotations.Nullable;

/// A request as it arrived, ready to be sent on.
///
/// @param path raw, below the context root, with a leading slash
/// @param query raw, without the question mark; null: none
/// @param headers as they arrived, without forged hop headers
/// @param scheme of the address that the client used
/// @param remoteAddress of whoever sent it here
record HopRequest(
        String method,
        String path,
        @Nullable String query,
        Headers headers,
        String scheme,
        String remoteAddress,
        HopBody body) {

    /// RFC 9110 §9.2.1: nothing is changed, so repeating is harmless. OPTIONS and TRACE do not reach an owner.
    boolean isSafe() {
        return method.equals("GET") || method.equals("HEAD");
    }
}

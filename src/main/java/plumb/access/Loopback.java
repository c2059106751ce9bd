package plumb.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// What comes from this machine. What a proxy on this machine passes on comes from elsewhere, and what a browser sends
/// of its own accord may come from a foreign page.
final class Loopback {
    private static final List<String> FROM_ELSEWHERE =
            List.of("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via", "Origin", "Sec-Fetch-Site");

    private Loopback() {}

    static boolean is(HttpServletRequest request) {
        return isLoopback(request.getRemoteAddr())
                && FROM_ELSEWHERE.stream().allMatch(name -> request.getHeader(name) == null);
    }

    /// A numeric address: nothing is looked up.
    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

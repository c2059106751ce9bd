package plumb.access;

import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import plumb.http.Problem;

/// Finds out who somebody is, for the pages and the operators' REST. Shows pages to viewers only: everything that the
/// pages' servlet answers goes through here, however its path is spelled.
@WebFilter(filterName = "plumb-identity", servletNames = "faces", urlPatterns = "/api/plumb/*", asyncSupported = true)
public class IdentityFilter implements Filter {
    /// Has no path: whatever the application's is for the browser, the form is answered at its root.
    static final String COOKIE = "plumb-login";

    private static final String REFUSAL = IdentityFilter.class.getName() + ".refusal";
    private static final String LOGIN_PAGE = "/admin/login.xhtml";
    private static final String RESOURCES = "/jakarta.faces.resource/";

    @Inject
    Doorkeeper doorkeeper;

    /// Why who brought credentials is nobody nevertheless; null: he brought none, or is somebody.
    static @Nullable Problem refusalOf(HttpServletRequest request) {
        return request.getAttribute(REFUSAL) instanceof Problem refusal ? refusal : null;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest asked) || !(response instanceof HttpServletResponse answer)) {
            chain.doFilter(request, response);
            return;
        }
        HttpServletRequest identified = doorkeeper.settings().enabled() ? identified(asked) : asked;
        if (isPage(asked) && !mayShow(identified, answer)) return;
        chain.doFilter(identified, response);
    }

    private static boolean isPage(HttpServletRequest request) {
        return !request.getServletPath().equals("/api");
    }

    private boolean mayShow(HttpServletRequest request, HttpServletResponse answer) throws IOException {
        String path = request.getServletPath();
        if (path.startsWith(RESOURCES)) return true;
        if (!doorkeeper.settings().enabled()) {
            answer.sendError(HttpServletResponse.SC_NOT_FOUND);
            return false;
        }
        if (path.equals(LOGIN_PAGE) || request.isUserInRole(Role.VIEWER.inServer())) return true;
        if (doorkeeper.settings().auth() == AccessSettings.Auth.CONTAINER) {
            answer.sendError(HttpServletResponse.SC_FORBIDDEN, "The role plumb-viewer is required.");
            return false;
        }
        answer.setStatus(HttpServletResponse.SC_SEE_OTHER); // relative: behind a proxy the path may be another
        answer.setHeader("Location", "login.xhtml?to=" + URLEncoder.encode(wanted(request), StandardCharsets.UTF_8));
        return false;
    }

    private static String wanted(HttpServletRequest request) {
        String page = request.getServletPath().replaceFirst(".*/", "");
        return request.getQueryString() == null ? page : page + "?" + request.getQueryString();
    }

    private HttpServletRequest identified(HttpServletRequest request) {
        if (doorkeeper.settings().auth() == AccessSettings.Auth.CONTAINER) return request;
        try {
            Caller caller = caller(request);
            return caller == null ? request : new Identified(request, caller);
        } catch (Doorkeeper.Away e) {
            refuse(
                    request,
                    Problem.of(503, "unavailable", String.valueOf(e.getMessage()))
                            .retryAfter(Duration.ofSeconds(1)));
            return request;
        }
    }

    private @Nullable Caller caller(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null) return byHeader(request, authorization);
        return cookie(request).flatMap(doorkeeper::byToken).orElse(null);
    }

    static Optional<String> cookie(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null) return Optional.empty();
        for (Cookie cookie : cookies) if (cookie.getName().equals(COOKIE)) return Optional.of(cookie.getValue());
        return Optional.empty();
    }

    private @Nullable Caller byHeader(HttpServletRequest request, String authorization) {
        String[] words = authorization.strip().split(" +", 2);
        Caller caller = null;
        if (words.length == 2 && words[0].equalsIgnoreCase("Bearer"))
            caller = doorkeeper.byToken(words[1]).orElse(null);
        else if (words.length == 2 && words[0].equalsIgnoreCase("Basic")) caller = byPassword(request, words[1]);
        if (caller == null && refusalOf(request) == null)
            refuse(
                    request,
                    Problem.of(401, "unauthenticated", "These credentials are not known here.")
                            .header("WWW-Authenticate", "Basic realm=\"plumb\", charset=\"UTF-8\""));
        return caller;
    }

    private @Nullable Caller byPassword(HttpServletRequest request, String encoded) {
        String[] pair = decoded(encoded).split(":", 2);
        if (pair.length < 2) return null;
        Doorkeeper.Answer answer = doorkeeper.byPassword(pair[0], pair[1], request.getRemoteAddr());
        if (answer.refusedFor().isPositive())
            refuse(
                    request,
                    Problem.of(429, "locked-out", "Too many wrong passwords; wait.")
                            .retryAfter(answer.refusedFor()));
        return answer.caller();
    }

    private static String decoded(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return "";
        }
    }

    private static void refuse(HttpServletRequest request, Problem refusal) {
        request.setAttribute(REFUSAL, refusal);
    }

    /// A request of somebody known.
    private static final class Identified extends HttpServletRequestWrapper {
        private final Caller caller;

        Identified(HttpServletRequest request, Caller caller) {
            super(request);
            this.caller = caller;
        }

        @Override
        public Principal getUserPrincipal() {
            return caller;
        }

        @Override
        public String getRemoteUser() {
            return caller.name();
        }

        @Override
        public boolean isUserInRole(String role) {
            for (Role one : Role.values())
                if (one.inServer().equals(role)) return caller.role().covers(one);
            return false;
        }
    }
}

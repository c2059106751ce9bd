package plumb.access;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import plumb.ownership.LeaseTableException;

/// What the pages' form is sent to: logs in or out, and shows a page. At the application's root, so that the cookie,
/// which names no path, goes to all of it and nowhere else, also behind a proxy that changes paths.
///
/// A session is a token in the table: it holds on every instance, ends with a row, and is made here only, never taken
/// from who logs in.
@WebServlet(
        name = "plumb-login",
        urlPatterns = {"/plumb-login", "/plumb-logout"})
public class LoginServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final Pattern PAGE = Pattern.compile("[a-z]+\\.xhtml(\\?[^\\r\\n#]*)?");
    private static final String FIRST_PAGE = "leases.xhtml";

    @Inject
    transient Doorkeeper doorkeeper;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse answer) throws IOException {
        request.setCharacterEncoding(StandardCharsets.UTF_8.name()); // before anything is read of the form
        String site = request.getHeader("Sec-Fetch-Site");
        boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
        if (!doorkeeper.settings().enabled() || doorkeeper.settings().auth() != AccessSettings.Auth.FORM || foreign) {
            answer.setStatus(HttpServletResponse.SC_FORBIDDEN);
        } else if (request.getServletPath().equals("/plumb-logout")) {
            IdentityFilter.cookie(request).ifPresent(this::forget);
            answer.addHeader("Set-Cookie", cookie(request, "", 0));
            show(answer, "login.xhtml");
        } else {
            logIn(request, answer);
        }
    }

    private void forget(String token) {
        try {
            doorkeeper.forget(token);
        } catch (LeaseTableException e) {
            log("a login is not forgotten, and ends by itself: " + e.getMessage());
        }
    }

    private void logIn(HttpServletRequest request, HttpServletResponse answer) {
        String to = Objects.requireNonNullElse(request.getParameter("to"), "");
        if (!PAGE.matcher(to).matches()) to = FIRST_PAGE;
        try {
            Doorkeeper.Answer known = doorkeeper.byPassword(
                    text(request.getParameter("name")),
                    text(request.getParameter("password")),
                    request.getRemoteAddr());
            if (known.caller() == null) {
                failed(answer, known.refusedFor().isPositive() ? "locked" : "wrong", to);
                return;
            }
            String token = doorkeeper.token(known.caller(), "login", Doorkeeper.LOGIN);
            answer.addHeader("Set-Cookie", cookie(request, token, Doorkeeper.LOGIN.toSeconds()));
            show(answer, to);
        } catch (Doorkeeper.Away | LeaseTableException e) {
            failed(answer, "away", to);
        }
    }

    private static String text(@Nullable String parameter) {
        return parameter == null ? "" : parameter.strip();
    }

    private static void failed(HttpServletResponse answer, String why, String to) {
        show(answer, "login.xhtml?failed=" + why + "&to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));
    }

    private static void show(HttpServletResponse answer, String page) {
        answer.setStatus(HttpServletResponse.SC_SEE_OTHER);
        answer.setHeader("Location", "admin/" + page);
        answer.setHeader("Cache-Control", "no-store");
    }

    /// Written by hand: servers add a path to cookies that have none.
    private static String cookie(HttpServletRequest request, String token, long seconds) {
        boolean secure = request.isSecure() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
        return IdentityFilter.COOKIE + "=" + token + "; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (secure ? "; Secure" : "");
    }
}

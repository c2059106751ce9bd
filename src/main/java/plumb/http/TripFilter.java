package plumb.http;

import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Set;

/// Opens and ends the [Trip] of every request under `/api`.
///
/// JAX-RS alone cannot tell reliably when a request is over (its response filters do not run when the client has gone
/// or the container gives up), the servlet container can.
@WebFilter(filterName = "plumb-trip", urlPatterns = "/api/*", asyncSupported = true)
public class TripFilter implements Filter {
    private static final String OWN = "/api/plumb/";
    private static final String WATCHED = "/api/routes/"; // who waits there holds nobody up

    /// Of the last of them.
    private static final int MOST_SEVERED = 1_000;

    @Inject
    Traffic traffic;

    private final Set<String> severed = Collections.newSetFromMap(Recent.ofAtMost(MOST_SEVERED));

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var http = (HttpServletRequest) request;
        if (isOnSevered(http)) {
            refuse((HttpServletResponse) response);
            return;
        }
        var trip = new Trip(http.getRemoteAddr(), http.getContextPath());
        var watched = new Watched(http, trip);
        count(http, trip);
        settleStatus((HttpServletResponse) response);
        try {
            trip.call(() -> {
                chain.doFilter(watched, response);
                return trip;
            });
        } catch (IOException | ServletException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        } finally {
            if (!watched.async) trip.end();
        }
    }

    /// What comes after such a request on its connection was perhaps its body. Payara closes the connection, but now
    /// and then serves what has come already.
    private boolean isOnSevered(HttpServletRequest request) {
        boolean ambiguous = isAmbiguous(request);
        if (!ambiguous && severed.isEmpty()) return false; // else there is an object more for each request
        String connection = request.getServletConnection().getConnectionId();
        if (ambiguous) severed.add(connection);
        return ambiguous || severed.contains(connection);
    }

    /// Where its body ends, another server in front could see elsewhere (RFC 9112 §6.3), and take for the next request
    /// what is a body here, or the other way round. Payara lets most of them pass.
    private static boolean isAmbiguous(HttpServletRequest request) {
        Enumeration<String> codings = request.getHeaders("Transfer-Encoding");
        if (codings == null || !codings.hasMoreElements()) return false;
        boolean chunked = "chunked".equalsIgnoreCase(codings.nextElement().strip());
        return !chunked || codings.hasMoreElements() || request.getHeader("Content-Length") != null;
    }

    private static void refuse(HttpServletResponse response) throws IOException {
        Problem problem = Problem.of(400, "ambiguous-length", "Where the request ends can be read in two ways.");
        response.setStatus(problem.status());
        response.setHeader("Connection", "close"); // what follows may be anything
        response.setContentType(Problem.MEDIA_TYPE);
        response.getOutputStream().write(problem.json(TraceId.urn(null)).getBytes(StandardCharsets.UTF_8));
    }

    private void count(HttpServletRequest request, Trip trip) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (path.startsWith(OWN) || path.startsWith(WATCHED)) return;
        traffic.begin();
        trip.atEnd(traffic::end);
    }

    /// Payara's HTTP library fills an unset status in when somebody reads it, "is it null? then 200", without a lock,
    /// and the request's thread reads it on its way out while another thread sets the answer's: now and then a 404 left
    /// as 200. A status that is set before there is another thread is never filled in. It is one that nobody takes for
    /// success: JAX-RS says what it means, and a server that is being stopped may end a request without anybody's
    /// answer.
    private static void settleStatus(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    }

    /// Learns of the start of asynchronous processing while it happens: afterwards the request may be somebody else's
    /// already.
    private static final class Watched extends HttpServletRequestWrapper {
        private final Trip trip;
        private boolean async;

        Watched(HttpServletRequest request, Trip trip) {
            super(request);
            this.trip = trip;
        }

        @Override
        public AsyncContext startAsync() {
            return watch(super.startAsync());
        }

        @Override
        public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
            return watch(super.startAsync(request, response));
        }

        private AsyncContext watch(AsyncContext context) {
            context.addListener(new End(trip));
            async = true;
            return context;
        }
    }

    private record End(Trip trip) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            trip.end();
        }

        @Override
        public void onTimeout(AsyncEvent event) {} // completes, too

        @Override
        public void onError(AsyncEvent event) {
            trip.end();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this); // a new cycle forgets its listeners
        }
    }
}

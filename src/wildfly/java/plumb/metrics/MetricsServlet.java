package plumb.metrics;

import io.smallrye.metrics.MetricsRequestHandler;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.stream.Stream;

/// The figures at `/metrics`, where other servers have them by themselves: in WildFly's WAR only, which brings its own
/// implementation of MicroProfile Metrics along.
@WebServlet(name = "plumb-metrics", urlPatterns = MetricsServlet.PATH)
public class MetricsServlet extends HttpServlet {
    static final String PATH = "/metrics";
    private static final long serialVersionUID = 1;

    private final transient MetricsRequestHandler handler = new MetricsRequestHandler();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        handler.handleRequest(
                PATH,
                PATH,
                request.getMethod(),
                accepted(request),
                request.getParameterMap(),
                (status, body, headers) -> {
                    response.setStatus(status);
                    headers.forEach(response::setHeader);
                    response.setCharacterEncoding("UTF-8");
                    response.getWriter().write(body);
                });
    }

    private static Stream<String> accepted(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Accept")).stream();
    }
}

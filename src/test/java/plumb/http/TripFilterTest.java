package plumb.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletConnection;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TripFilterTest {
    private final List<String> calls = new ArrayList<>();
    private final Traffic traffic = new Traffic();

    @Test
    void theStatusIsSettledBeforeAnotherThreadCanSetTheAnswers() throws Exception {
        filter().doFilter(
                        recording(HttpServletRequest.class),
                        recording(HttpServletResponse.class),
                        (request, response) -> calls.add("the rest"));

        assertThat(calls.indexOf("setStatus[500]")).isNotNegative().isLessThan(calls.indexOf("the rest"));
    }

    @Test
    void theTripIsKnownWhileTheRequestRunsAndEndsWithIt() throws Exception {
        var ended = new ArrayList<String>();

        filter().doFilter(
                        recording(HttpServletRequest.class),
                        recording(HttpServletResponse.class),
                        (request, response) -> {
                            Trip trip = Trip.current();
                            assertThat(trip).isNotNull();
                            trip.atEnd(() -> ended.add("ended"));
                            assertThat(ended).isEmpty();
                            assertThat(traffic.inside()).isOne();
                        });

        assertThat(ended).containsExactly("ended");
        assertThat(Trip.current()).isNull();
        assertThat(traffic.inside()).isZero();
    }

    /// What a server in front might take for the next request, and let through unseen.
    @Test
    void aRequestWhoseEndCanBeSeenInTwoPlacesGoesNoFurther() throws Exception {
        for (List<String> codings : List.of(
                List.of("xchunked"), List.of("chunked, identity"), List.of("identity", "chunked"), List.of(""))) {
            calls.clear();
            doFilter(codings, null);
            assertThat(calls).as(codings.toString()).contains("setStatus[400]", "setHeader[Connection, close]");
            assertThat(calls).doesNotContain("the rest");
        }
        calls.clear();
        doFilter(List.of("chunked"), "4");
        assertThat(calls).as("both lengths").contains("setStatus[400]");
    }

    /// A server that closes the connection may serve first what has come on it already.
    @Test
    void whatComesAfterItOnItsConnectionIsRefusedToo() throws Exception {
        TripFilter filter = filter();
        doFilter(filter, "one", List.of("identity"), null);
        calls.clear();

        doFilter(filter, "one", List.of(), null);
        assertThat(calls).contains("setStatus[400]").doesNotContain("the rest");
        doFilter(filter, "another", List.of(), null);
        assertThat(calls).contains("the rest");
    }

    @Test
    void chunksAloneAreFine() throws Exception {
        doFilter(List.of("Chunked "), null);

        assertThat(calls).contains("the rest").doesNotContain("setStatus[400]");
    }

    private void doFilter(List<String> codings, @Nullable String length) throws Exception {
        doFilter(filter(), "one", codings, length);
    }

    private void doFilter(TripFilter filter, String connection, List<String> codings, @Nullable String length)
            throws Exception {
        filter.doFilter(
                answering(
                        HttpServletRequest.class,
                        Map.of(
                                "getServletConnection",
                                answering(ServletConnection.class, Map.of("getConnectionId", connection)),
                                "getHeaders",
                                Collections.enumeration(codings),
                                "getHeader",
                                (Supplier<?>) () -> length)),
                answering(HttpServletResponse.class, Map.of("getOutputStream", new Nowhere())),
                (request, response) -> calls.add("the rest"));
    }

    private static final class Nowhere extends ServletOutputStream {
        @Override
        public void write(int b) {}

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {}
    }

    private TripFilter filter() {
        var filter = new TripFilter();
        filter.traffic = traffic;
        return filter;
    }

    private <T> T recording(Class<T> type) {
        return answering(type, Map.of());
    }

    private <T> T answering(Class<T> type, Map<String, ?> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    calls.add(method.getName() + (arguments == null ? "" : Arrays.toString(arguments)));
                    Object answer = answers.get(method.getName());
                    if (answer instanceof Supplier<?> supplier) return supplier.get();
                    if (answer != null) return answer;
                    return method.getReturnType() == String.class ? "" : null;
                }));
    }
}

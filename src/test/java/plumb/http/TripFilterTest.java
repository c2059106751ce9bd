package plumb.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    private TripFilter filter() {
        var filter = new TripFilter();
        filter.traffic = traffic;
        return filter;
    }

    private <T> T recording(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    calls.add(method.getName() + (arguments == null ? "" : Arrays.toString(arguments)));
                    return method.getReturnType() == String.class ? "" : null;
                }));
    }
}

package plumb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies that are meant to hurt whoever reads them.
class BodyProblemsTest {
    public record Inner(List<List<String>> ingredients) {}

    public record Body(String name, Inner inner, Double number) {}

    private final Jsonb jsonb = JsonbBuilder.create();
    private final HttpSettings settings = Neighbours.settings(Map.of());
    private final BodyProblems problems = problems(new Uploads(settings, () -> 0));

    private BodyProblems problems(Uploads uploads) {
        var made = new BodyProblems();
        made.settings = settings;
        made.uploads = uploads;
        made.nanoTime = () -> 0;
        return made;
    }

    /// A request whose body is read as that container does: by [Jsonb], from what the interceptor leaves of it.
    private final class Reading {
        private final MultivaluedMap<String, String> headers = new MultivaluedHashMap<>();
        private InputStream body;
        private @Nullable Object deadline;

        Reading(String body) {
            this.body = new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
        }

        private ReaderInterceptorContext context() {
            Class<ReaderInterceptorContext> type = ReaderInterceptorContext.class;
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "getHeaders" -> headers;
                        case "getProperty" -> deadline;
                        case "getInputStream" -> body;
                        case "setInputStream" -> {
                            body = (InputStream) arguments[0];
                            yield null;
                        }
                        case "proceed" -> jsonb.fromJson(body, Body.class);
                        default -> throw new UnsupportedOperationException(method.getName());
                    }));
        }

        Object read() throws Exception {
            return problems.aroundReadFrom(context());
        }

        int status() {
            try {
                read();
                return 200;
            } catch (ProblemException e) {
                return e.problem().status();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void whatIsReadableIsRead() throws Exception {
        assertThat(new Reading("{\"name\":\"Joe\"}").read()).isEqualTo(new Body("Joe", null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "{\"a\":",
                "{\"inner\":",
                "{\"inner\":{\"ingredients\":[",
                "{\"inner\":{\"ingredients\":[[",
            })
    void whatNestsWithoutEndIsUnreadable(String open) {
        var large = problems(new Uploads(10_000_000, 1, () -> 0));
        var reading = new Reading(open.repeat(100_000));

        assertThatThrownBy(() -> large.aroundReadFrom(reading.context()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(400));
    }

    /// Parsson looks for the end of what it passes over until it is there.
    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":{", "{\"a\":[", "{\"a\":{\"b\":[1,", "{\"inner\":{\"a\":[[", "{\"a\":{\"b\":\"c\""})
    @Timeout(60)
    void whatNobodyClosesIsUnreadable(String cut) {
        assertThat(new Reading(cut).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1e-999999999", "\"1\"x", "truth"})
    void aNumberThatIsNoneIsUnreadableOrNone(String number) {
        assertThat(new Reading("{\"number\":" + number + "}").status()).isIn(200, 400);
    }

    /// Multiplying its digits out would take minutes.
    @Test
    void aNumberOfAMillionDigitsIsNotComputed() throws Exception {
        var large = problems(new Uploads(10_000_000, 1, () -> 0));
        var reading = new Reading("{\"number\":" + "1".repeat(1_000_000) + "}");
        long begun = System.nanoTime();

        assertThat(large.aroundReadFrom(reading.context())).isInstanceOf(Body.class);
        assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(20).toNanos());
    }

    @Test
    void bodiesOfResourcesThatNobodyOwnsHaveALimitToo() {
        String tooLong = "{\"name\":\"" + "a".repeat(settings.bodyLimit()) + "\"}";
        var announced = new Reading("{}");
        announced.headers.putSingle("Content-Length", "1000000000");
        var owned = new Reading(tooLong);
        owned.deadline = "set by the filter of owned ones";

        assertThat(new Reading(tooLong).status()).isEqualTo(413);
        assertThat(announced.status()).isEqualTo(413);
        assertThat(owned.status()).as("has been limited before").isEqualTo(200);
    }
}

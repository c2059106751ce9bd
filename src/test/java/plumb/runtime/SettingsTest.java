package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plumb.dispatch.DispatchSettings;
import plumb.http.HttpSettings;
import plumb.ownership.Ownership;

/// A setting that makes no sense ends the start with one sentence.
class SettingsTest {
    private final Map<String, String> given = new HashMap<>(Map.of(
            "plumb.instance.name", "b",
            "plumb.instance.url", "http://inner:8080/",
            "plumb.jdbc.url", "jdbc:postgresql://localhost/plumb"));

    private Settings read() {
        return Settings.from((Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(),
                new Class<?>[] {Config.class},
                (proxy, method, arguments) -> Optional.ofNullable(given.get((String) arguments[0]))));
    }

    @Test
    void byDefaultRangesAreLeasedAndRequestsForwarded() {
        assertThat(read().ownership()).isEqualTo(new Ownership.Leased(false));
        assertThat(read().balance().enabled()).isTrue();
        assertThat(read().routing()).isEqualTo(HttpSettings.Routing.FORWARD);
        assertThat(read().http().publicUrl()).isEqualTo("http://inner:8080");
    }

    @Test
    void whoDoesNotBalanceByLoadCounts() {
        given.put("plumb.balance.enabled", "false");
        given.put("plumb.balance.threshold", "20");

        assertThat(read().ownership()).isEqualTo(new Ownership.Leased(true));
        assertThat(read().balance().planner().threshold()).isEqualTo(0.2);
    }

    @Test
    void aFleetIsNamedInOrder() {
        given.put("plumb.ownership", "static");
        given.put("plumb.static.instances", "c, b ,a");

        assertThat(read().ownership()).isEqualTo(new Ownership.Static(List.of("c", "b", "a")));
    }

    @Test
    void clientsMayBeRedirected() {
        given.put("plumb.routing", "redirect");
        given.put("plumb.instance.public-url", "https://b.example/shop/");

        assertThat(read().http().routing()).isEqualTo(HttpSettings.Routing.REDIRECT);
        assertThat(read().http().publicUrl()).isEqualTo("https://b.example/shop");
    }

    @Test
    void aHandlersLimitsHaveDefaults() {
        assertThat(read().handlers())
                .isEqualTo(new DispatchSettings(256, 256, Duration.ofMillis(20), Duration.ofMinutes(10), 200_000));
        assertThat(read().heap()).isEqualTo(85);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', textBlock = """
            plumb.static.instances   | a,c   | plumb.static.instances = a,c does not name this instance: its plumb.instance.name is b
            plumb.static.instances   | a,b,a | plumb.static.instances: a name stands there twice: a,b,a
            plumb.static.instances   | a,,b  | plumb.static.instances: a name is empty: a,,b
            plumb.quarantine.failures | 1    | plumb.quarantine.failures must be at least 2, not 1
            plumb.quarantine.window  | 0s    | plumb.quarantine.window must be positive, not PT0S
            plumb.instance.directory | /none/such | plumb.instance.directory is no directory: /none/such
            plumb.handler.heap       | 100   | plumb.handler.heap is a percentage from 1 to 99, not 100
            plumb.handler.max        | 0     | plumb.handler.max must be at least 1, not 0
            plumb.handler.turn       | 0s    | plumb.handler.turn must be positive, not PT0S
            plumb.static.instances   | ' '   | plumb.static.instances is required
            plumb.ownership          | fixed | plumb.ownership is leased or static, not fixed
            plumb.routing            | proxy | plumb.routing is forward or redirect, not proxy
            plumb.routes.max-waiting | 0     | plumb.routes.max-waiting must be at least 1
            """)
    void whatMakesNoSenseIsSaid(String key, String value, String sentence) {
        given.put("plumb.ownership", "static");
        given.put("plumb.static.instances", "a,b");
        given.put(key, value);

        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(sentence);
    }
}

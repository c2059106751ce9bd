package demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoSettingsTest {
    private static final String URL = "jdbc:postgresql://db:5432/plumb";

    @Test
    void theUserOfTheUrlIsTheUserOfEveryConnection() {
        String url = URL + "?user=joe&password=b%27c";

        assertThat(DemoSettings.database(url, Map.of("PLUMB_JDBC_USER", "ann", "PLUMB_JDBC_PASSWORD", "x")))
                .isEqualTo(Map.of("PLUMB_JDBC_URL", url, "PLUMB_JDBC_USER", "joe", "PLUMB_JDBC_PASSWORD", "b'c"));
    }

    @Test
    void elseItIsTheOneOfTheEnvironment() {
        assertThat(DemoSettings.database(URL, Map.of("PLUMB_JDBC_USER", "ann", "HOME", "/home/ann")))
                .isEqualTo(Map.of("PLUMB_JDBC_URL", URL, "PLUMB_JDBC_USER", "ann"));
    }
}

package demo;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// What the command line may change.
///
/// @param jdbcUrl of an existing Postgres; null: starts one
/// @param trickle orders per second; 0: none
record DemoSettings(
        int instances,
        int port,
        int customers,
        int trickle,
        @Nullable String jdbcUrl,
        Path war,
        Server server,
        Path directory) {

    static final int MOST_INSTANCES = 9;

    static DemoSettings fromProperties() {
        String url = System.getProperty("plumb.demo.jdbc-url", "").strip();
        if (!url.isEmpty() && Driver.parseURL(url, new Properties()) == null)
            throw new IllegalArgumentException(
                    "-Dplumb.demo.jdbc-url must look like" + " jdbc:postgresql://host:port/database?user=…&password=…");
        return new DemoSettings(
                number("plumb.demo.instances", 1, MOST_INSTANCES),
                number("plumb.demo.port", 1024, 65_000),
                number("plumb.demo.customers", 1, 1_000_000),
                number("plumb.demo.trickle", 0, 10_000),
                url.isEmpty() ? null : url,
                Path.of(System.getProperty("plumb.demo.war")),
                Server.fromProperties("plumb.demo"),
                Path.of(System.getProperty("plumb.demo.dir")));
    }

    /// How the instances reach Postgres, as their settings. The user stands in the URL or in this program's own
    /// environment; the URL wins, and the scripts, run later from another terminal, say the same.
    static Map<String, String> database(String url, Map<String, String> environment) {
        var settings = new HashMap<String, String>();
        settings.put("PLUMB_JDBC_URL", url);
        Properties parsed = Driver.parseURL(url, new Properties());
        put(settings, "PLUMB_JDBC_USER", PGProperty.USER, parsed, environment);
        put(settings, "PLUMB_JDBC_PASSWORD", PGProperty.PASSWORD, parsed, environment);
        return settings;
    }

    private static void put(
            Map<String, String> settings,
            String key,
            PGProperty property,
            @Nullable Properties url,
            Map<String, String> environment) {
        String value = url == null ? null : property.getOrNull(url);
        if (value == null) value = environment.get(key);
        if (value != null) settings.put(key, value);
    }

    private static int number(String key, int least, int most) {
        String text = System.getProperty(key, "");
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "-D" + key + " must be a whole number from " + least + " to " + most + ", not \"" + text + "\"");
    }
}

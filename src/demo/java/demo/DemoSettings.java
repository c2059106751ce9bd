package demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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
        Path server,
        Path directory) {

    static DemoSettings fromProperties() {
        String url = System.getProperty("plumb.demo.jdbc-url", "").strip();
        return new DemoSettings(
                number("plumb.demo.instances", 1, 9),
                number("plumb.demo.port", 1024, 65_000),
                number("plumb.demo.customers", 1, 1_000_000),
                number("plumb.demo.trickle", 0, 10_000),
                url.isEmpty() ? null : url,
                Path.of(System.getProperty("plumb.demo.war")),
                Path.of(System.getProperty("plumb.demo.payara")),
                Path.of(System.getProperty("plumb.demo.dir")));
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

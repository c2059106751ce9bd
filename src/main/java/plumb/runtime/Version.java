package plumb.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/// The version of this WAR, as the build wrote it.
final class Version {
    private static final String FILE = "/plumb/version.properties";

    private Version() {}

    static String get() {
        var properties = new Properties();
        try (InputStream file = Version.class.getResourceAsStream(FILE)) {
            if (file != null) properties.load(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}

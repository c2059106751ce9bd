package demo;

import java.nio.file.Path;

/// Words of scripts.
final class Shell {
    private Shell() {}

    /// One word for the shell, whatever is in it.
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    static String quoted(Path path) {
        return quoted(path.toString());
    }

    /// The one that runs this program.
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}

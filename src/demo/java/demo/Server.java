package demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The application server that instances run on, and how it is started there.
public sealed interface Server permits PayaraMicro, WildFly {
    /// @param directory of the scripts, absolute; the server's files are in a directory there that is named as the
    ///     instance
    /// @param war the application
    /// @param jvm flags of the JVM
    record Launch(Path directory, String name, int port, Path war, List<String> jvm) {
        Path files() {
            return directory.resolve(name);
        }
    }

    /// What the program was told: `<prefix>.server` is `payara` or `wildfly`, `<prefix>.home` where it is.
    static Server fromProperties(String prefix) {
        String name = System.getProperty(prefix + ".server", "");
        Path home = Path.of(System.getProperty(prefix + ".home", "")).toAbsolutePath();
        return switch (name) {
            case "payara" -> new PayaraMicro(home);
            case "wildfly" -> new WildFly(home);
            default ->
                throw new IllegalArgumentException(
                        "-D" + prefix + ".server must be payara or wildfly, not \"" + name + "\"");
        };
    }

    /// Writes what it needs besides the script.
    void prepare(Path directory) throws IOException;

    /// Lines for the script, run before each start: nothing of a former run must be left.
    List<String> afresh(Launch launch);

    /// The process, in words.
    List<String> command(Launch launch);
}

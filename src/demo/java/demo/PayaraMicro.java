package demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// See server-config/payara/README.md.
///
/// @param jar the server
public record PayaraMicro(Path jar) implements Server {
    private static final Path CONFIG = Path.of("server-config", "payara").toAbsolutePath();
    private static final String PREBOOT = "preboot.asadmin";
    private static final String LOOPBACK_ONLY =
            "set configs.config.server-config.network-config.network-listeners.network-listener.http-listener.address=127.0.0.1\n";

    @Override
    public void prepare(Path directory) throws IOException {
        Files.writeString(directory.resolve(PREBOOT), Files.readString(CONFIG.resolve(PREBOOT)) + LOOPBACK_ONLY);
    }

    @Override
    public List<String> afresh(Launch launch) {
        return List.of("rm -rf " + Shell.quoted(launch.files()));
    }

    @Override
    public List<String> command(Launch launch) {
        var command = new ArrayList<>(List.of(Shell.java()));
        command.addAll(launch.jvm());
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        command.addAll(List.of("--nohazelcast", "--disablephonehome", "--contextroot", "/"));
        command.addAll(List.of("--port", Integer.toString(launch.port()), "--maxhttpthreads", "400"));
        command.addAll(List.of("--rootdir", launch.files().toString()));
        command.addAll(List.of(
                "--prebootcommandfile", launch.directory().resolve(PREBOOT).toString()));
        command.addAll(
                List.of("--logproperties", CONFIG.resolve("logging.properties").toString()));
        command.addAll(List.of("--deploy", launch.war().toAbsolutePath().toString()));
        return command;
    }
}

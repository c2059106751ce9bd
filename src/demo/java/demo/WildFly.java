package demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One installation for all instances, of which each has a base directory. See server-config/wildfly/README.md.
///
/// @param home the installation
public record WildFly(Path home) implements Server {
    private static final Path CONFIG = Path.of("server-config", "wildfly").toAbsolutePath();

    @Override
    public void prepare(Path directory) {}

    @Override
    public List<String> afresh(Launch launch) {
        String files = Shell.quoted(launch.files());
        String deployments = Shell.quoted(launch.files().resolve("deployments"));
        return List.of(
                "rm -rf " + files,
                "mkdir -p " + deployments,
                "cp -R " + Shell.quoted(home.resolve("standalone", "configuration")) + " " + files,
                "cp " + Shell.quoted(launch.war().toAbsolutePath()) + " " + deployments + "/ROOT.war");
    }

    /// What `standalone.sh` starts, without the shell between: signals are for the server.
    @Override
    public List<String> command(Launch launch) {
        var command = new ArrayList<>(List.of(Shell.java()));
        command.addAll(launch.jvm());
        command.add("--sun-misc-unsafe-memory-access=allow"); // five lines of warning at every start otherwise
        command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        command.add("-Dorg.jboss.logmanager.nocolor=true"); // else what is logged before the configuration is read
        command.add("-Dlogging.configuration=file:" + launch.files().resolve("configuration/logging.properties"));
        command.add("-Dorg.jboss.boot.log.file=" + launch.files().resolve("log/server.log"));
        command.add("-Djboss.home.dir=" + home);
        command.add("-Djboss.server.base.dir=" + launch.files());
        command.addAll(List.of("-jar", home.resolve("jboss-modules.jar").toString()));
        command.addAll(List.of("-mp", home.resolve("modules").toString(), "org.jboss.as.standalone"));
        command.add("--yaml=" + CONFIG.resolve("plumb.yml"));
        command.add("-Djboss.node.name=" + launch.name());
        command.add("-Djboss.tx.node.id=" + launch.name());
        command.addAll(List.of("-b", "127.0.0.1", "-Djboss.http.port=" + launch.port()));
        command.add("-Djboss.management.http.port=0"); // any: the log names it
        return command;
    }
}

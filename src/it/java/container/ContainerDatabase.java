package container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import plumb.testsupport.DurablePostgres;

/// Tells Arquillian's server where its database is and which ports to use, before Arquillian reads its configuration.
public class ContainerDatabase implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        // only where servers are tested: unit tests need no database
        if (System.getProperty("plumb.it.war") == null) return;
        System.setProperty("plumb.it.port", Integer.toString(freePort()));
        System.setProperty("plumb.it.management-port", Integer.toString(freePort()));
        System.setProperty("plumb.it.jdbc-url", DurablePostgres.shared().createDatabase("in_container"));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

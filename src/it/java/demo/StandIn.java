package demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// Runs in the place of the application server: says one of its settings, and lives until it is ended.
final class StandIn {
    private StandIn() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.out.println("password " + System.getenv("PLUMB_JDBC_PASSWORD"));
        Thread.currentThread().join();
    }

    /// Itself as a jar that `java -jar` runs.
    static Path jar(Path directory) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandIn.class.getName());
        Path jar = directory.resolve("server.jar");
        String self = StandIn.class.getName().replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var in = StandIn.class.getClassLoader().getResourceAsStream(self)) {
            if (in == null) throw new IOException("no " + self);
            out.putNextEntry(new JarEntry(self));
            in.transferTo(out);
        }
        return jar;
    }
}

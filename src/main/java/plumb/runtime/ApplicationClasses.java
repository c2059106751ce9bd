package plumb.runtime;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The classes in `WEB-INF/classes`, loaded but not initialised.
///
/// To look at, and because a class that is loaded here, by the deployment's thread, need not be loaded by a virtual
/// one, which would keep its carrier while it waits for a class loader's lock.
final class ApplicationClasses {
    private static final String ROOT = "/WEB-INF/classes/";
    private static final String SUFFIX = ".class";

    private ApplicationClasses() {}

    static List<Class<?>> of(ServletContext servlets) {
        var classes = new ArrayList<Class<?>>();
        collect(servlets, ROOT, classes);
        return classes;
    }

    private static void collect(ServletContext servlets, String folder, List<Class<?>> classes) {
        Set<String> paths = servlets.getResourcePaths(folder);
        if (paths == null) return;
        for (String path : paths) {
            if (path.endsWith("/")) collect(servlets, path, classes);
            else if (path.endsWith(SUFFIX) && !path.endsWith("-info.class")) load(servlets, path, classes);
        }
    }

    private static void load(ServletContext servlets, String path, List<Class<?>> classes) {
        String name =
                path.substring(ROOT.length(), path.length() - SUFFIX.length()).replace('/', '.');
        try {
            classes.add(Class.forName(name, false, servlets.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            // built for something that this server does not have; nobody can use it here
        }
    }
}

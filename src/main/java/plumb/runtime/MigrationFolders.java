package plumb.runtime;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Finds the folders of `db/migration` in the WAR: one folder, one schema, one history. `plumb` comes first.
final class MigrationFolders {
    private static final String ROOT = "/WEB-INF/classes/db/migration/";

    private MigrationFolders() {}

    static List<String> of(ServletContext servlets) {
        Set<String> paths = servlets.getResourcePaths(ROOT);
        var schemas = new TreeSet<String>();
        if (paths != null)
            for (String path : paths) {
                if (path.endsWith("/")) schemas.add(path.substring(ROOT.length(), path.length() - 1));
            }
        schemas.remove("plumb");
        var ordered = new ArrayList<String>();
        ordered.add("plumb");
        ordered.addAll(schemas);
        return ordered;
    }
}

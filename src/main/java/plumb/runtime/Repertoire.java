package plumb.runtime;

import java.util.List;
import java.util.Map;

/// What there is to rehearse in this application.
///
/// @param gets per domain, the paths (below the context root) of its owned resources' GETs for the example key
/// @param own what needs the container, on one of the server's threads
record Repertoire(Map<String, List<String>> gets, Runnable own) {
    static final Repertoire NOTHING = new Repertoire(Map.of(), () -> {});
}

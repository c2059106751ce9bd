package plumb.runtime;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.SharedCacheMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Refuses to start on what would be unsafe later.
final class DeploymentChecks {
    private DeploymentChecks() {}

    /// @throws IllegalStateException that names them all
    static void noProblems(List<String> problems) {
        if (!problems.isEmpty()) throw new IllegalStateException(String.join("\n", problems));
    }

    /// A second-level cache would bring back stale state when a range returns to an instance.
    static void noSharedCache(EntityManagerFactory factory) {
        Map<String, Object> properties = factory.getProperties();
        Object mode = properties.get("jakarta.persistence.sharedCache.mode");
        if (mode == null || !SharedCacheMode.NONE.name().equals(mode.toString().toUpperCase(Locale.ROOT)))
            throw new IllegalStateException(
                    "persistence.xml must say <shared-cache-mode>NONE</shared-cache-mode>, and the same as"
                            + " the property jakarta.persistence.sharedCache.mode; it says " + mode);
    }
}

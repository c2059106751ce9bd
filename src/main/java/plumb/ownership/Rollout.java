package plumb.ownership;

import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import plumb.keyspace.Incarnation;

/// Who takes part in what while a new version is rolled out. Then only drains move ranges, and towards those that stay:
/// if surplus went to every newcomer as well, a range would move two or three times in one rollout. Nobody is idle for
/// long by this: the next to leave gives what it has to the newcomer, and so there is always one instance less at work
/// than there are, as in any rolling restart. Used by the keeper's thread alone.
final class Rollout {
    /// Without a change of membership for that long, a mix of versions is wanted (a canary).
    static final Duration LONGEST_STEP = Duration.ofMinutes(10);

    private final String version;
    private Set<Incarnation> members = Set.of();
    private Set<Incarnation> others = Set.of();
    private long changedNanos;

    /// @param version of this instance
    Rollout(String version) {
        this.version = version;
    }

    void observe(List<InstanceRow> living, long nowNanos) {
        Set<Incarnation> now = living.stream().map(InstanceRow::incarnation).collect(toSet());
        if (!now.equals(members)) changedNanos = nowNanos;
        members = now;
        others = living.stream()
                .filter(row -> !row.info().version().equals(version))
                .map(InstanceRow::incarnation)
                .collect(toSet());
    }

    /// To whom an instance that leaves gives: those of another version have been restarted already, those of its own
    /// are the next to leave.
    Set<Incarnation> stayers(Set<Incarnation> takers) {
        var stayers = new HashSet<>(takers);
        stayers.retainAll(others);
        return stayers.isEmpty() ? takers : stayers;
    }

    /// To whom an instance that stays gives surplus.
    Set<Incarnation> partners(Set<Incarnation> takers, long nowNanos) {
        boolean rollingOut = !others.isEmpty() && nowNanos - changedNanos < LONGEST_STEP.toNanos();
        return rollingOut ? Set.of() : takers;
    }
}

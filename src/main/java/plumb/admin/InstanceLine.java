package plumb.admin;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import plumb.ownership.InstanceRow;

/// An instance as the page shows it.
///
/// @param share of the key spaces of all domains, in percent
/// @param secondsLeft until its heartbeat counts as stopped; null: unknown
/// @param here whether it is the one that answers
public record InstanceLine(
        String name,
        String url,
        String version,
        String state,
        String incarnation,
        int ranges,
        String share,
        @Nullable String secondsLeft,
        boolean here) {

    static InstanceLine of(InstanceRow row, int ranges, double share, @Nullable Duration left, boolean here) {
        return new InstanceLine(
                row.info().name(),
                row.info().publicUrl(),
                row.info().version(),
                row.state().name(),
                row.incarnation().toString(),
                ranges,
                Text.percent(share),
                left == null ? null : Text.seconds(left),
                here);
    }
}

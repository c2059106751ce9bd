package plumb;

import java.util.concurrent.CompletionStage;

/// What the keys of all instances add up to, for a domain that wants to know it itself (see [LiveGauge]; for people
/// there is `GET /api/plumb/gauges/{name}`). Injectable everywhere.
@FunctionalInterface
public interface LiveTotals {
    /// Asks the owners of all ranges. Does not block; the stage completes within about two seconds, on a virtual
    /// thread.
    ///
    /// Each time costs a request to every other instance: who needs the figure often keeps it for a while.
    ///
    /// @param gauge the name of a [LiveGauge]
    /// @throws IllegalArgumentException if there is none of that name
    CompletionStage<LiveTotal> of(String gauge);
}

package plumb.dispatch;

import java.util.List;
import plumb.keyspace.Key;
import plumb.keyspace.Tenure;

/// What a range costs its owner, smoothed over some ten seconds.
///
/// @param load seconds of work per second: what its handlers do, and what each request costs beside that
/// @param waiting requests that wait in its mailboxes, on average
/// @param requests per second
/// @param hot keys that stand out, hottest first, at most eight
public record RangeLoad(Tenure tenure, double load, double waiting, double requests, List<Hot> hot) {
    public RangeLoad {
        hot = List.copyOf(hot);
    }

    /// A key that stands out.
    ///
    /// @param share of its range's load, rather too low
    public record Hot(Key key, double share) {}
}

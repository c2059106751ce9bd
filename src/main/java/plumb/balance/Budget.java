package plumb.balance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import plumb.keyspace.RangeId;

/// How much may be moved, however good the reasons: so many ranges per minute, and so much of the key space per hour.
/// What a newcomer, or somebody far too full, needs comes out of the same budget, so it is wide; noise never gets
/// there, the planner's thresholds see to that. Splits and merges move nothing between instances and cost nothing.
///
/// @param movesPerMinute at most so many
/// @param partPerMinute or that part of all ranges, if that is more: where there are a thousand, sixty a minute would
///     keep a newcomer waiting for a quarter of an hour
/// @param keySpacePerHour at most so much, 1 = all of it, of every domain
public record Budget(int movesPerMinute, double partPerMinute, double keySpacePerHour) {
    /// Of everybody who has not said something else.
    public static final Budget USUAL = new Budget(60, 0.25, 10);

    public Budget {
        if (movesPerMinute < 1) throw new IllegalArgumentException("plumb.balance.max-moves must be at least 1");
        if (!(keySpacePerHour > 0))
            throw new IllegalArgumentException("plumb.balance.key-space-per-hour must be positive");
    }

    /// What has been spent lately, or is to be.
    ///
    /// @param moves in the last minute
    /// @param keySpace in the last hour, 1 = all of it
    public record Spent(int moves, double keySpace) {
        public static final Spent NOTHING = new Spent(0, 0);
    }

    /// The steps that may be done now, in their order, and what they cost.
    public record Allowed(List<Step> steps, Spent cost, boolean all) {
        public Allowed {
            steps = List.copyOf(steps);
        }
    }

    /// What of a plan is within the budget.
    public Allowed of(Plan plan, Snapshot snapshot, Spent spent) {
        Map<RangeId, Snapshot.Part> parts = new HashMap<>();
        snapshot.parts().forEach(part -> parts.put(part.id(), part));
        long domains = Math.max(
                1,
                snapshot.parts().stream().map(Snapshot.Part::domain).distinct().count());
        var allowed = new ArrayList<Step>();
        int most = Math.max(movesPerMinute, (int) (partPerMinute * parts.size()));
        int moves = 0;
        double keySpace = 0;
        for (Step step : plan.steps()) {
            Snapshot.Part part = parts.get(step.range());
            if (step instanceof Step.Move && part != null) {
                double share = part.keys().share() / domains;
                boolean within =
                        spent.moves() + moves < most && spent.keySpace() + keySpace + share <= keySpacePerHour + 1e-9;
                if (!within) continue;
                moves++;
                keySpace += share;
            }
            allowed.add(step);
        }
        return new Allowed(
                allowed,
                new Spent(moves, keySpace),
                allowed.size() == plan.steps().size());
    }
}

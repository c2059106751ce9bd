package plumb.balance;

import java.util.List;

/// What is to be done, in this order; empty: all is well.
///
/// @param before the highest load of a member over the mean, as it is
/// @param after the same when the plan is done
public record Plan(List<Step> steps, double before, double after) {
    public Plan {
        steps = List.copyOf(steps);
    }
}

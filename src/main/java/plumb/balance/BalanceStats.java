package plumb.balance;

import org.jspecify.annotations.Nullable;

/// What this instance's rounds of balancing came to.
///
/// @param rounds that it ran
/// @param steps that became wishes
/// @param refused steps that the database refused
/// @param last its last plan; null: it ran none yet
/// @param note why the last round did no more; empty: it did all
public record BalanceStats(
        long rounds, long steps, long refused, @Nullable Plan last, String note) {
    public static final BalanceStats NOTHING = new BalanceStats(0, 0, 0, null, "");

    /// With one more round.
    ///
    /// @param tried steps that were to become wishes
    /// @param done those that did
    public BalanceStats after(Plan plan, int tried, int done, String why) {
        return new BalanceStats(rounds + 1, steps + done, refused + tried - done, plan, why);
    }
}

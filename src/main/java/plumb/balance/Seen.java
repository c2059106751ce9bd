package plumb.balance;

import org.jspecify.annotations.Nullable;

/// What a round of balancing sees before it plans.
///
/// @param spent of the budget, by the rounds before
/// @param held why nothing may be changed now; null: it may
public record Seen(
        Snapshot snapshot, Budget.Spent spent, @Nullable String held) {}

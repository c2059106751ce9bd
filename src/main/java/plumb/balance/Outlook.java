package plumb.balance;

/// What balancing sees, has done and would do; for people who look on.
public interface Outlook {
    /// What a round would see now. Blocks for the database.
    Seen look();

    /// What a round would plan for such a cluster.
    Plan plan(Snapshot snapshot);

    /// What this instance's rounds came to.
    BalanceStats stats();

    /// Whether there are rounds at all.
    boolean balances();
}

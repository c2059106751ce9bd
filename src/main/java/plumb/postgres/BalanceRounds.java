package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import plumb.balance.Budget.Spent;
import plumb.balance.Plan;
import plumb.balance.Snapshot.Member;
import plumb.keyspace.Incarnation;
import plumb.ownership.Decision;
import plumb.ownership.LeaseTableException;

/// What rounds of balancing need to know of each other, whichever instance ran them. Safe for use by several threads.
public final class BalanceRounds {
    /// What was spent in times to come, before the clock jumped back, does not count.
    private static final String SPENT = """
            select coalesce(sum(moves) filter (where at > clock_timestamp() - interval '1 minute'), 0),
                   coalesce(sum(key_space), 0)
              from plumb.balance_round
             where at > clock_timestamp() - interval '1 hour' and at <= clock_timestamp()""";

    private static final String KEEP = """
            insert into plumb.balance_round (made_by, before, after, steps, moves, key_space, note, snapshot)
            values (?, ?, ?, ?, ?, ?, ?, ?::jsonb)""";

    private static final String MEMBERS = """
            select instance_id, name, clock_timestamp() - started_at > make_interval(secs => ?)
              from plumb.instance where state = 'ALIVE' order by instance_id""";

    /// As in [plumb.ownership.Rollout]: several versions are there, and somebody came or went within ten minutes.
    private static final String ROLLING_OUT = """
            select (select count(distinct version) from plumb.instance where state <> 'DEAD') > 1
               and exists (select from plumb.instance
                            where greatest(started_at, dead_at) > clock_timestamp() - interval '10 minutes')""";

    private static final String PAUSED = "select made_by, reason from plumb.balance_pause";

    private static final String PAUSE = """
            insert into plumb.balance_pause (made_by, reason) values (?, ?)
            on conflict (one) do update set made_by = excluded.made_by, reason = excluded.reason,
                                            at = clock_timestamp()""";

    private static final String RESUME = "delete from plumb.balance_pause";

    private static final String DECIDED = "insert into plumb.decision (made_by, kind, reason) values (?, ?, ?)";

    private static final String FORGET =
            "delete from plumb.balance_round where at < clock_timestamp() - make_interval(secs => ?)";

    private final Connections connections;

    public BalanceRounds(Connections connections) {
        this.connections = connections;
    }

    /// What holds for a round that begins now.
    ///
    /// @param members who takes ranges
    public record Start(List<Member> members, Spent spent, boolean rollingOut) {
        public Start {
            members = List.copyOf(members);
        }
    }

    /// Blocks for the database.
    ///
    /// @param warm who is younger is a newcomer
    /// @throws LeaseTableException if it did not answer
    public Start start(Duration warm) {
        try (Connection connection = connections.open("plumb balance");
                PreparedStatement spent = connection.prepareStatement(SPENT);
                ResultSet row = spent.executeQuery()) {
            row.next();
            return new Start(
                    members(connection, warm),
                    new Spent(row.getInt(1), row.getDouble(2)),
                    Sql.locks(connection, "select where (" + ROLLING_OUT + ")"));
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static List<Member> members(Connection connection, Duration warm) throws SQLException {
        try (PreparedStatement select = Sql.prepare(connection, MEMBERS, (double) warm.toMillis() / 1_000);
                ResultSet row = select.executeQuery()) {
            var members = new ArrayList<Member>();
            while (row.next())
                members.add(new Member(
                        new Incarnation(row.getObject(1, java.util.UUID.class)), row.getString(2), row.getBoolean(3)));
            return members;
        }
    }

    /// Remembers a round that changed something.
    ///
    /// @param cost of the budget
    /// @param snapshot as JSON
    /// @throws LeaseTableException if the database did not answer
    public void keep(String by, Plan plan, Spent cost, String note, String snapshot) {
        try (Connection connection = connections.open("plumb balance")) {
            Sql.update(
                    connection,
                    KEEP,
                    by,
                    plan.before(),
                    plan.after(),
                    plan.steps().size(),
                    cost.moves(),
                    cost.keySpace(),
                    note,
                    snapshot);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// Who wants that nothing is changed, and why; empty: nobody. Blocks for the database.
    ///
    /// @throws LeaseTableException if it did not answer
    public Optional<Decision> paused() {
        try (Connection connection = connections.open("plumb balance");
                PreparedStatement select = connection.prepareStatement(PAUSED);
                ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(new Decision(row.getString(1), row.getString(2))) : Optional.empty();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// No round changes anything from now on, on any instance. Blocks for the database.
    ///
    /// @throws LeaseTableException if it did not answer
    public void pause(Decision decision) {
        decide(
                "pause-balance",
                decision,
                transaction -> Sql.update(transaction, PAUSE, decision.by(), decision.reason()));
    }

    /// Rounds change what they plan again. Blocks for the database.
    ///
    /// @return false: it was not paused
    /// @throws LeaseTableException if it did not answer
    public boolean resume(Decision decision) {
        return decide("resume-balance", decision, transaction -> Sql.update(transaction, RESUME)) > 0;
    }

    @FunctionalInterface
    private interface Change {
        int in(Connection transaction) throws SQLException;
    }

    private int decide(String kind, Decision decision, Change change) {
        try (Connection connection = connections.open("plumb balance")) {
            connection.setAutoCommit(false);
            int rows = change.in(connection);
            if (rows > 0) Sql.update(connection, DECIDED, decision.by(), kind, decision.reason());
            connection.commit();
            return rows;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// Forgets rounds that are older. Blocks for the database.
    ///
    /// @throws LeaseTableException if it did not answer
    public int prune(Duration retention) {
        try (Connection connection = connections.open("plumb balance")) {
            return Sql.update(connection, FORGET, (double) retention.toSeconds());
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static LeaseTableException failed(SQLException cause) {
        return new LeaseTableException("the rounds of balancing were not answered: " + cause.getMessage(), cause);
    }
}

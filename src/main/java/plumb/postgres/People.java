package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import plumb.ownership.Decision;
import plumb.ownership.LeaseTableException;

/// Who may look and who may change. Each method blocks for one short transaction and throws [LeaseTableException] if it
/// was not answered. Safe for use by several threads.
public final class People {
    /// A login more ends the oldest one.
    private static final int TOKENS = 20;

    private static final String FIRST = """
            insert into plumb.person (name, role, password)
            select ?, ?, ? where not exists (select from plumb.person where role = 'admin')
            on conflict do nothing""";

    private static final String HAS_ADMIN = "select from plumb.person where role = 'admin'";

    private static final String ALL = "select name, role, password, made_at from plumb.person";

    private static final String OF_TOKEN = """
            select p.name, p.role, p.password, p.made_at from plumb.token t join plumb.person p on p.name = t.person
             where t.hash = ? and t.expires_at > clock_timestamp()""";

    private static final String ADD_TOKEN = """
            insert into plumb.token (hash, person, kind, expires_at)
            values (?, ?, ?, clock_timestamp() + make_interval(secs => ?))""";

    private static final String DROP_OLD_TOKENS = """
            delete from plumb.token where person = ? and (expires_at <= clock_timestamp() or hash in
                (select hash from plumb.token where person = ? order by made_at desc offset ?))""";

    private static final String PUT = """
            insert into plumb.person (name, role, password) values (?, ?, ?::text)
            on conflict (name) do update set role = excluded.role,
                                             password = coalesce(excluded.password, plumb.person.password)""";

    private static final String DECIDED =
            "insert into plumb.decision (made_by, kind, detail, reason) values (?, ?, ?, ?)";

    private final Connections connections;

    public People(Connections connections) {
        this.connections = connections;
    }

    /// @param password as it is hashed; null: he has tokens only
    public record Row(String name, String role, @Nullable String password, Instant since) {}

    public boolean hasAdmin() {
        return transact(transaction -> Sql.locks(transaction, HAS_ADMIN));
    }

    /// @return false: somebody could let others in already
    public boolean addFirst(String name, String role, String password) {
        return transact(transaction -> Sql.update(transaction, FIRST, name, role, password)) > 0;
    }

    public Optional<Row> find(String name) {
        return rows(ALL + " where name = ?", name).stream().findFirst();
    }

    public Optional<Row> ofToken(byte[] hash) {
        return rows(OF_TOKEN, (Object) hash).stream().findFirst();
    }

    /// In order of names.
    public List<Row> all() {
        return rows(ALL + " order by name");
    }

    /// Lets somebody in, or gives him another role or password; another password ends his logins.
    ///
    /// @param password as it is hashed; null: as it was
    public void put(String name, String role, @Nullable String password, Decision decision) {
        transact(transaction -> {
            Sql.update(transaction, PUT, name, role, password);
            if (password != null) Sql.update(transaction, "delete from plumb.token where person = ?", name);
            return decided(transaction, "person", name + " is " + role, decision);
        });
    }

    /// Keeps somebody out from now on.
    ///
    /// @return false: there is nobody of that name
    public boolean remove(String name, Decision decision) {
        return transact(transaction -> {
            if (Sql.update(transaction, "delete from plumb.person where name = ?", name) == 0) return false;
            decided(transaction, "no-person", name, decision);
            return true;
        });
    }

    public void addToken(byte[] hash, String name, String kind, Duration valid) {
        transact(transaction -> {
            Sql.update(transaction, ADD_TOKEN, hash, name, kind, (double) valid.toSeconds());
            return Sql.update(transaction, DROP_OLD_TOKENS, name, name, TOKENS);
        });
    }

    public void removeToken(byte[] hash) {
        transact(transaction -> Sql.update(transaction, "delete from plumb.token where hash = ?", (Object) hash));
    }

    /// Writes down what somebody did to an instance, and why.
    public void decided(String kind, String detail, Decision decision) {
        transact(transaction -> decided(transaction, kind, detail, decision));
    }

    private static int decided(Connection transaction, String kind, String detail, Decision decision)
            throws SQLException {
        return Sql.update(transaction, DECIDED, decision.by(), kind, detail, decision.reason());
    }

    private List<Row> rows(String sql, Object... values) {
        return transact(transaction -> {
            try (PreparedStatement select = Sql.prepare(transaction, sql, values);
                    ResultSet row = select.executeQuery()) {
                var rows = new ArrayList<Row>();
                while (row.next())
                    rows.add(new Row(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getObject(4, OffsetDateTime.class).toInstant()));
                return rows;
            }
        });
    }

    private <R> R transact(LeaseSessions.Work<R> work) {
        try (Connection connection = connections.open("plumb people")) {
            connection.setAutoCommit(false);
            R result = work.in(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw new LeaseTableException("the people were not answered: " + e.getMessage(), e);
        }
    }
}

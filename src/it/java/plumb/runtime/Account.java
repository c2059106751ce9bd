package plumb.runtime;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import plumb.Handler;
import plumb.Statement;
import plumb.Writes;
import plumb.dispatch.Turn;
import plumb.testsupport.DurablePostgres;

/// A state with a sum in memory, the rows that it is the sum of, and one row that is changed in place.
final class Account {
    record Deposit(String id, String account, int amount) {}

    record Name(String account, String name) {}

    private static final Statement<Deposit> INSERT = Statement.of(
            Deposit.class,
            "insert into deposit (id, account, amount, range_id, epoch) values (:id, :account, :amount, :range, :epoch)");
    static final Statement<Name> RENAME = Statement.of(
            Name.class,
            "insert into account (account, name, range_id, epoch) values (:account, :name, :range, :epoch)"
                    + " on conflict (account) do update set name = :name, range_id = :range, epoch = :epoch");

    private final String key;
    private final Writes writes;
    private final Set<String> deposits = new HashSet<>();
    private int sum;
    private String name = "";

    private Account(String key, Writes writes) {
        this.key = key;
        this.writes = writes;
    }

    /// As a reorder: the same id again changes nothing.
    int deposit(String id, int amount) {
        if (!deposits.contains(id)) {
            writes.add(INSERT, new Deposit(id, key, amount));
            deposits.add(id);
            sum += amount;
        }
        return sum;
    }

    /// Can be taken back.
    int depositUndoably(String id, int amount) {
        int before = sum;
        boolean known = deposits.contains(id);
        int after = deposit(id, amount);
        Turn.undo().with(() -> {
            sum = before;
            if (!known) deposits.remove(id);
        });
        return after;
    }

    String rename(String to) {
        writes.add(RENAME, new Name(key, to));
        name = to;
        return name;
    }

    int sum() {
        return sum;
    }

    String name() {
        return name;
    }

    static void createTables(DurablePostgres postgres, String database) throws SQLException {
        try (Connection connection = postgres.connect(database);
                var statement = connection.createStatement()) {
            statement.execute(
                    "create table deposit (id text primary key, account text, amount int check (amount >= 0), range_id int, epoch bigint)");
            statement.execute("create table account (account text primary key, name text, range_id int, epoch bigint)");
        }
    }

    /// The first column of every row.
    static List<String> column(DurablePostgres postgres, String database, String sql) throws SQLException {
        try (Connection connection = postgres.connect(database);
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (row.next()) values.add(row.getString(1));
            return values;
        }
    }

    /// @param loaded runs at the end of each load, on the key's thread, with the key
    static Handler.Factory<Account> from(DurablePostgres postgres, String database, Consumer<String> loaded) {
        return (key, writes) -> () -> {
            var account = new Account(key, writes);
            try (Connection connection = postgres.connect(database);
                    PreparedStatement select =
                            connection.prepareStatement("select id, amount from deposit where account = ?");
                    PreparedStatement named =
                            connection.prepareStatement("select name from account where account = ?")) {
                select.setString(1, key);
                named.setString(1, key);
                try (ResultSet row = select.executeQuery();
                        ResultSet one = named.executeQuery()) {
                    while (row.next()) {
                        account.deposits.add(row.getString(1));
                        account.sum += row.getInt(2);
                    }
                    if (one.next()) account.name = one.getString(1);
                }
            }
            loaded.accept(key);
            return account;
        };
    }
}

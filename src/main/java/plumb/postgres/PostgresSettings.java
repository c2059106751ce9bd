package plumb.postgres;

import java.time.Duration;

/// Where Postgres is, and how long it may take. All time-outs but the first are the server's.
///
/// @param url `jdbc:postgresql://…`; parameters in it win over the ones set here
/// @param user the database role
/// @param password its password; empty for none
/// @param connectTimeout for a new connection; whole seconds, rounded up
/// @param statementTimeout for one statement; the socket gives up a second later. The server knows no such limit for
///     COMMIT: there the socket's is the only one
/// @param lockTimeout for one lock; keep it well under the renewal period
/// @param idleInTransaction a session whose client stands still inside a transaction is ended: its locks stop takeovers
public record PostgresSettings(
        String url,
        String user,
        String password,
        Duration connectTimeout,
        Duration statementTimeout,
        Duration lockTimeout,
        Duration idleInTransaction) {

    /// Time-outs for ownership: 2 s to connect, 1 s per statement, 900 ms per lock, 500 ms idle in a transaction.
    public static PostgresSettings of(String url, String user, String password) {
        return new PostgresSettings(
                url,
                user,
                password,
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofMillis(900),
                Duration.ofMillis(500));
    }

    /// The same with another limit per statement; the limit per lock stays below it.
    public PostgresSettings withStatementTimeout(Duration timeout) {
        Duration lock = timeout.compareTo(lockTimeout) > 0
                ? lockTimeout
                : timeout.multipliedBy(9).dividedBy(10);
        return new PostgresSettings(url, user, password, connectTimeout, timeout, lock, idleInTransaction);
    }

    /// The same for what is seldom done and may take that long, with all that it waits for.
    public PostgresSettings patient(Duration timeout) {
        Duration lock = timeout.multipliedBy(9).dividedBy(10);
        return new PostgresSettings(url, user, password, connectTimeout, timeout, lock, idleInTransaction);
    }

    /// The same with another limit for a transaction that stands still.
    public PostgresSettings withIdleInTransaction(Duration timeout) {
        return new PostgresSettings(url, user, password, connectTimeout, statementTimeout, lockTimeout, timeout);
    }

    @Override
    public String toString() {
        return url + " as " + user; // never the password
    }
}

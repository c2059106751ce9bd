package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.testsupport.DurablePostgres;

@Timeout(60)
class LastingConnectionIT {
    private static final String DATABASE = "lasting";

    private final AtomicLong clock = new AtomicLong();
    private final LastingConnection.Pool pool = new LastingConnection.Pool(clock::get);
    private Connection connection;

    @BeforeAll
    static void create() {
        DurablePostgres.shared().createDatabase(DATABASE);
    }

    @BeforeEach
    void open() throws SQLException {
        connection = another();
        clock.incrementAndGet();
    }

    private Connection another() throws SQLException {
        clock.incrementAndGet();
        return LastingConnection.of(() -> DurablePostgres.shared().connect(DATABASE), pool);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void aSessionThatEndedInThePoolIsReplaced() throws SQLException {
        int before = session();
        end(before);

        assertThat(session()).isNotEqualTo(before);
    }

    @Test
    void aTransactionThatBeginsIsASessionsOwnEvenIfThePoolHasNeverSwitchedBack() throws SQLException {
        connection.setAutoCommit(false);
        int before = session();
        connection.commit();
        end(before);

        assertThat(session()).isNotEqualTo(before);
        assertThat(connection.getAutoCommit()).isFalse();
        connection.commit();
    }

    @Test
    void aTransactionDoesNotGoOnInAnotherSession() throws SQLException {
        connection.setAutoCommit(false);
        end(session());

        assertThatThrownBy(this::session).isInstanceOf(SQLException.class);
        assertThatThrownBy(this::session).isInstanceOf(SQLException.class);
        assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
        session();
    }

    @Test
    void whoHasJustAnsweredIsNotAsked() throws SQLException {
        int before = session();
        terminate(before);

        assertThatThrownBy(this::session).isInstanceOf(SQLException.class);
        assertThat(session()).as("it has been seen to be dead").isNotEqualTo(before);
    }

    @Test
    void butIsWhereAnotherOneWasFoundDead() throws SQLException {
        int before = session(connection);
        try (Connection neighbour = another()) {
            terminate(session(neighbour));
            assertThatThrownBy(() -> session(neighbour)).isInstanceOf(SQLException.class);
            terminate(before);

            clock.incrementAndGet();
            neighbour.isClosed(); // whatever the pool does with it next
            assertThat(session(connection)).isNotEqualTo(before);
        }
    }

    @Test
    void aSessionThatEndedInThePoolIsReplacedBeforeThePoolSetsSomething() throws SQLException {
        int before = session();
        end(before);

        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        assertThat(session()).isNotEqualTo(before);
        assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
    }

    @Test
    void whatIsDoneWithoutAskingTheServerIsNoSignOfLife() throws SQLException {
        int before = session();
        end(before);

        connection.setAutoCommit(true);
        connection.getAutoCommit();
        connection.isClosed();
        connection.clearWarnings();
        assertThat(session()).isNotEqualTo(before);
    }

    @Test
    void norIsTheEndOfATransactionThatWasNone() throws SQLException {
        connection.setAutoCommit(false);
        int before = session();
        connection.commit();
        end(before);

        connection.rollback();
        assertThat(session()).isNotEqualTo(before);
    }

    /// While nobody uses it.
    private void end(int session) throws SQLException {
        terminate(session);
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    private static void terminate(int session) throws SQLException {
        try (Connection other = DurablePostgres.shared().connect(DATABASE);
                Statement statement = other.createStatement()) {
            statement.execute("select pg_terminate_backend(" + session + ", 10000)");
        }
    }

    /// Which one answers.
    private int session() throws SQLException {
        return session(connection);
    }

    private static int session(Connection of) throws SQLException {
        try (Statement statement = of.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }
}

package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plumb.postgres.ChoreLocks;
import plumb.postgres.Connections;
import plumb.postgres.Migrations;
import plumb.postgres.PostgresAudit;
import plumb.postgres.PostgresSettings;
import plumb.testsupport.DurablePostgres;

/// Of several instances one does the chores, and all know what came of it.
class ChoresIT {
    private static final String DATABASE = "chores";

    private final DurablePostgres postgres = DurablePostgres.shared();
    private final Connections connections =
            new Connections(PostgresSettings.of(postgres.createDatabase(DATABASE), DurablePostgres.USER, ""));

    @ParameterizedTest
    @ValueSource(strings = {"PT1M", "PT12H"})
    void oneDoesThemAndAllKnow(Duration every) throws SQLException {
        new Migrations(connections, ChoresIT.class.getClassLoader(), List.of("plumb")).run();
        var first = new PostgresAudit(connections, "first");
        var second = new PostgresAudit(connections, "second");

        try (Chores one = chores(first, every);
                Chores another = chores(second, every)) {
            one.round();
            another.round();
        }

        assertThat(Account.column(postgres, DATABASE, "select by from plumb.audit_run"))
                .containsExactly("first");
        assertThat(second.latest().checkedAt())
                .isEqualTo(first.latest().checkedAt())
                .isNotNull();
    }

    private Chores chores(PostgresAudit audit, Duration every) {
        return new Chores(
                new DefaultLockingTaskExecutor(new ChoreLocks(connections, "an instance")),
                audit,
                () -> {},
                every,
                new Threads(ChoresIT.class.getClassLoader()));
    }
}

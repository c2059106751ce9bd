package bench.growth;

import bench.Cpu;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import plumb.testsupport.DurablePostgres;

/// What has been used until a moment, or between two.
///
/// @param seconds that have passed
/// @param postgres CPU seconds of all its processes
/// @param own CPU seconds of this process
/// @param transactions of all databases
/// @param log bytes of the write-ahead log
record Usage(double seconds, double postgres, double own, double transactions, double log) {
    private static final String COUNTED = """
            select (select sum(xact_commit) from pg_stat_database), pg_current_wal_insert_lsn() - '0/0'::pg_lsn""";

    static Usage of(DurablePostgres server) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COUNTED)) {
            row.next();
            return new Usage(
                    System.nanoTime() / 1e9,
                    Cpu.ofTree(server.pid()),
                    Cpu.of(List.of(ProcessHandle.current().pid())),
                    row.getDouble(1),
                    row.getDouble(2));
        }
    }

    Usage since(Usage before) {
        return new Usage(
                seconds - before.seconds,
                postgres - before.postgres,
                own - before.own,
                transactions - before.transactions,
                log - before.log);
    }
}

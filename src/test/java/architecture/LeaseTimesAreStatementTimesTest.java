package architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `now()` is the start of the transaction: whoever waited for a lock would store, or compare, a time long past.
class LeaseTimesAreStatementTimesTest {
    private static final Pattern START_OF_TRANSACTION = Pattern.compile(
            "\\b(now\\s*\\(|current_timestamp|localtimestamp|transaction_timestamp|statement_timestamp)",
            Pattern.CASE_INSENSITIVE);

    /// What they look for is found by an index on a time, and `clock_timestamp()` is another one for each row. They
    /// wait for no lock and decide on no lease, so the time of the statement is good enough.
    private static final Set<String> LOOKS = Set.of("AlarmRows.java", "RequestRows.java");

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java/plumb/postgres", "db/migration/plumb"})
    void noSqlReadsTheTimeOfTheTransaction(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            List<Path> sources = files.filter(Files::isRegularFile).toList();
            assertThat(sources).isNotEmpty();
            for (Path source : sources)
                assertThat(START_OF_TRANSACTION
                                .matcher(Files.readString(source))
                                .results()
                                .map(found -> found.group())
                                .filter(found -> !found.equals("statement_timestamp") || !isLook(source)))
                        .as(source.toString())
                        .isEmpty();
        }
    }

    private static boolean isLook(Path source) {
        return LOOKS.contains(source.getFileName().toString());
    }
}

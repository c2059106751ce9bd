package architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The pages that people copy from show code that is compiled and tested, not code that once was; and what a page says
/// has been tried, a test tries.
class PagesTest {
    private static final Path PAGES = Path.of("src/site/markdown");
    /// The first, for whoever has moved the counter there, as a page says.
    private static final List<Path> FOLDERS = List.of(
            Path.of("src/main/java/counter"),
            Path.of("src/test/java/counter"),
            Path.of("src/it/resources/counter"),
            Path.of("src/main/java/usualpizza"),
            Path.of("src/it/java/container"));
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");
    private static final Pattern CODE =
            Pattern.compile("^```(?:java|sql)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @ParameterizedTest
    @CsvSource({"your-own-domain.md, 6", "handlers.md, 6"})
    void thePagesCodeIsInATestedSource(String name, int least) throws IOException {
        Path page = PAGES.resolve(name);
        Map<Path, String> sources = new TreeMap<>();
        for (Path folder : FOLDERS) if (Files.isDirectory(folder)) sources.putAll(sourcesIn(folder));

        List<String> blocks = CODE.matcher(Files.readString(page))
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(blocks).as("blocks of code in " + page).hasSizeGreaterThanOrEqualTo(least);
        for (String block : blocks)
            assertThat(sources.values().stream().anyMatch(source -> source.contains(unindented(block))))
                    .as("one of " + sources.keySet() + " has\n" + block)
                    .isTrue();
    }

    @Test
    void eachAttackIsTriedByATestThatThereIs() throws IOException {
        List<MatchResult> named = TEST.matcher(Files.readString(PAGES.resolve("security.md")))
                .results()
                .toList();

        assertThat(named).hasSizeGreaterThan(30);
        for (MatchResult test : named)
            assertThat(testSource(test.group(1))).as(test.group()).contains("void " + test.group(2) + "(");
    }

    private static String testSource(String name) throws IOException {
        for (Path folder : List.of(Path.of("src/test/java"), Path.of("src/it/java")))
            try (Stream<Path> files = Files.walk(folder)) {
                Optional<Path> found =
                        files.filter(file -> file.endsWith(name + ".java")).findFirst();
                if (found.isPresent()) return read(found.get());
            }
        throw new AssertionError("there is no test " + name);
    }

    private static Map<Path, String> sourcesIn(Path folder) throws IOException {
        var sources = new TreeMap<Path, String>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> sources.put(file, unindented(read(file))));
        }
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String unindented(String code) {
        return code.replaceAll("(?m)^[ \t]+", "").strip();
    }
}

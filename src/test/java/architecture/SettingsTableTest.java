package architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The README's table of settings has every key that the code reads, and no other.
class SettingsTableTest {
    private static final Pattern READ = Pattern.compile("\"((?:plumb|usualpizza)\\.[a-z][a-z0-9.-]*)\"");
    private static final Pattern ROW = Pattern.compile("^\\| (`(?:plumb|usualpizza)\\.[^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    @Test
    void everySettingIsInTheTable() throws IOException {
        assertThat(inTable()).isEqualTo(inCode());
    }

    private static Set<String> inCode() throws IOException {
        var keys = new TreeSet<String>();
        List<Path> sources = List.of(
                Path.of("src/main/java/plumb/runtime/Settings.java"),
                Path.of("src/main/java/plumb/runtime/BalanceSettings.java"),
                Path.of("src/main/java/usualpizza"));
        for (Path source : sources) {
            try (Stream<Path> files = Files.walk(source)) {
                for (Path file : files.filter(Files::isRegularFile).toList())
                    READ.matcher(Files.readString(file)).results().forEach(found -> keys.add(found.group(1)));
            }
        }
        return keys;
    }

    /// `plumb.lease.ttl`, `.renew` are two of one family.
    private static Set<String> inTable() throws IOException {
        var keys = new TreeSet<String>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("README.md")));
        while (rows.find()) {
            String family = "";
            Matcher names = NAME.matcher(rows.group(1));
            while (names.find()) {
                String name = names.group(1).startsWith(".") ? family + names.group(1) : names.group(1);
                family = name.substring(0, name.lastIndexOf('.'));
                keys.add(name);
            }
        }
        return keys;
    }
}

package cluster;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Instance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The alerts and the dashboard in `server-config` ask for figures that servers have, by labels that they have.
class WatchedIT {
    private static final Pattern FIGURE = Pattern.compile("plumb_[a-z_]+");
    private static final Pattern LABEL = Pattern.compile("by \\(([a-z]+)\\)");

    private final Cluster cluster = Cluster.healthy();

    @Test
    void everyFigureThatIsAskedForIsThere() throws Exception {
        Instance instance = cluster.instance(1);
        Http.putCustomer(instance, UUID.randomUUID());
        String metrics = Http.get(instance, "/metrics").body();

        for (String file : new String[] {"prometheus/alerts.yml", "grafana/plumb.json"}) {
            String asked = Files.readString(Path.of("server-config", file));
            assertThat(found(FIGURE, metrics)).as(file).containsAll(found(FIGURE, asked));
            Set<String> labels = new TreeSet<>();
            LABEL.matcher(asked).results().forEach(label -> labels.add(label.group(1)));
            labels.remove("instance"); // Prometheus gives it
            for (String label : labels) assertThat(metrics).as(file).contains(label + "=\"");
        }
    }

    private static Set<String> found(Pattern pattern, String text) {
        var found = new TreeSet<String>();
        pattern.matcher(text).results().forEach(each -> found.add(each.group()));
        return found;
    }
}

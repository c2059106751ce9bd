package bench.micro;

import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/// What benchmarks came to, by their names.
///
/// @param hardware on which; figures of other hardware say little
public record Figures(String hardware, Map<String, Figure> benchmarks) {
    /// All per operation.
    ///
    /// @param nanos that passed
    /// @param cpuNanos of the process
    /// @param postgresNanos CPU of the database's processes; 0: there is none
    /// @param bytes allocated
    public record Figure(Measured nanos, Measured cpuNanos, Measured postgresNanos, double bytes) {}

    /// @param error half of the interval that the mean is in with a probability of 99.9 %
    public record Measured(double mean, double error) {
        private static Measured of(Result<?> result) {
            double error = result.getScoreError();
            return new Measured(rounded(result.getScore()), Double.isNaN(error) ? 0 : rounded(error));
        }

        /// Slower than it was by more than both may be wrong, and by more than that.
        boolean isWorseThan(Measured before, double ratio) {
            return mean - before.mean > error + before.error && mean > before.mean * ratio;
        }
    }

    static Figures of(Collection<RunResult> results) {
        SortedMap<String, Figure> all = new TreeMap<>();
        for (RunResult run : results) all.put(name(run), figure(run));
        String hardware = Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.arch")
                + ", Java " + Runtime.version();
        return new Figures(hardware, all);
    }

    private static String name(RunResult run) {
        String benchmark = run.getParams().getBenchmark();
        var name =
                new StringBuilder(benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1));
        for (String parameter : run.getParams().getParamsKeys())
            name.append(' ')
                    .append(run.getParams().getParam(parameter))
                    .append(' ')
                    .append(parameter);
        return name.toString();
    }

    private static Figure figure(RunResult run) {
        Map<String, Result> more = run.getAggregatedResult().getSecondaryResults();
        return new Figure(
                Measured.of(run.getPrimaryResult()),
                Measured.of(secondary(more, CpuProfiler.OWN)),
                Measured.of(secondary(more, CpuProfiler.POSTGRES)),
                rounded(secondary(more, "gc.alloc.rate.norm").getScore()));
    }

    private static Result<?> secondary(Map<String, Result> results, String name) {
        return results.entrySet().stream()
                .filter(each -> each.getKey().endsWith(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " is not among " + results.keySet()))
                .getValue();
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    static Figures read(Path file) throws IOException {
        return JsonbBuilder.create().fromJson(Files.readString(file), Figures.class);
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        var pretty = new JsonbConfig().withFormatting(true);
        Files.writeString(file, JsonbBuilder.create(pretty).toJson(this).strip() + "\n");
    }
}

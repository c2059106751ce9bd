package bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Figures of several rounds: medians, and how far throughput went from them.
final class Scoreboard {
    /// One round of one contender.
    record Score(double perSecond, double serverMicros, double postgresMicros, double[] millis, long failed) {
        /// @param serverSeconds CPU for all of it, as `postgresSeconds`
        static Score of(Load.Result result, double serverSeconds, double postgresSeconds) {
            double done = Math.max(1, result.done());
            return new Score(
                    result.perSecond(),
                    serverSeconds / done * 1e6,
                    postgresSeconds / done * 1e6,
                    Arrays.stream(PERCENTILES)
                            .map(each -> result.micros().getValueAtPercentile(each) / 1_000.0)
                            .toArray(),
                    result.failed());
        }

        double micros() {
            return serverMicros + postgresMicros;
        }
    }

    private static final double[] PERCENTILES = {50, 99, 99.9};

    private final Map<String, Map<String, List<Score>>> scores = new LinkedHashMap<>();

    void add(String scenario, String contender, Score score) {
        scores.computeIfAbsent(scenario, name -> new LinkedHashMap<>())
                .computeIfAbsent(contender, name -> new ArrayList<>())
                .add(score);
    }

    void print(Consumer<String> out) {
        out.accept(
                "| load | service | per second | ± | failed | servers, CPU s per 1,000 | Postgres, CPU s per 1,000 | p50 ms | p99 ms | p99.9 ms |");
        out.accept("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        scores.forEach((scenario, all) -> all.forEach((contender, rounds) -> out.accept(String.format(
                Locale.ROOT,
                "| %s | %s | %.0f | %.0f %% | %d | %.2f | %.2f | %.1f | %.1f | %.1f |",
                scenario,
                contender,
                median(rounds, Score::perSecond),
                100 * spread(rounds),
                rounds.stream().mapToLong(Score::failed).sum(),
                median(rounds, Score::serverMicros) / 1_000,
                median(rounds, Score::postgresMicros) / 1_000,
                median(rounds, score -> score.millis()[0]),
                median(rounds, score -> score.millis()[1]),
                median(rounds, score -> score.millis()[2])))));
    }

    /// One line of ratios; each is the median over rounds of what both did in the same round.
    ///
    /// @param goal at most, or at least, if more is better
    void ratio(Consumer<String> out, String what, String goal, Of ours, Of theirs, ToDoubleFunction<Score> figure) {
        List<Score> above = of(ours);
        List<Score> below = of(theirs);
        if (above == null || below == null) return;
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < Math.min(above.size(), below.size()); i++)
            ratios.add(figure.applyAsDouble(above.get(i)) / figure.applyAsDouble(below.get(i)));
        out.accept(String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %.2f … %.2f |",
                what,
                goal,
                median(ratios),
                ratios.stream().mapToDouble(Double::doubleValue).min().orElse(0),
                ratios.stream().mapToDouble(Double::doubleValue).max().orElse(0)));
    }

    /// Whose figures under which load.
    record Of(String scenario, String contender) {}

    private @Nullable List<Score> of(Of which) {
        return scores.getOrDefault(which.scenario(), Map.of()).get(which.contender());
    }

    private static double spread(List<Score> rounds) {
        double middle = median(rounds, Score::perSecond);
        return rounds.stream()
                .mapToDouble(score -> Math.abs(score.perSecond() - middle) / middle)
                .max()
                .orElse(0);
    }

    private static double median(List<Score> rounds, ToDoubleFunction<Score> figure) {
        return median(rounds.stream().map(figure::applyAsDouble).toList());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}

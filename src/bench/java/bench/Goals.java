package bench;

import static bench.Comparison.DIRECT_READS;
import static bench.Comparison.HOP_READS;
import static bench.Comparison.HOT;
import static bench.Comparison.OPTIMISTIC;
import static bench.Comparison.PESSIMISTIC;
import static bench.Comparison.PLUMB;
import static bench.Comparison.RATES;
import static bench.Comparison.READS;
import static bench.Comparison.STATEMENT;
import static bench.Comparison.open;
import static bench.Comparison.orders;

import bench.Scoreboard.Of;
import bench.Scoreboard.Score;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// What Plumb is to be, in terms of the others, beside what it is.
final class Goals {
    private final Scoreboard scores;
    private final Consumer<String> out;

    Goals(Scoreboard scores, Consumer<String> out) {
        this.scores = scores;
        this.out = out;
    }

    void print() {
        out.accept("| Plumb to … | goal | median | rounds |");
        out.accept("|---|---:|---:|---:|");
        cpu();
        ratios("one hot customer, orders/s", HOT, HOT, "≥ 5", "≥ 1.5", Score::perSecond);
        ratios("reads/s, any instance", READS, READS, "≥ 1", "", Score::perSecond);
        ratios("reads/s, direct", DIRECT_READS, READS, "≥ 2", "", Score::perSecond);
        for (int rate : RATES) {
            ratios("p50, " + open(rate), open(rate), open(rate), "≤ 1", "≤ 1.5", score -> score.millis()[0]);
            ratios("p99, " + open(rate), open(rate), open(rate), "≤ 1", "≤ 1.5", score -> score.millis()[1]);
        }
        scores.ratio(
                out,
                "a hop adds, in server CPU of a direct read",
                "≤ 1.5 on WildFly (as this ratio: ≤ 2.5)",
                new Of(HOP_READS, PLUMB),
                new Of(DIRECT_READS, PLUMB),
                Score::serverMicros);
    }

    private void cpu() {
        String usual = orders(64);
        String many = orders(256);
        ratios("CPU per order, 64 clients", usual, usual, "≤ 0.33", "≤ 1.0", Score::micros);
        ratios("Postgres CPU per order, 64 clients", usual, usual, "≤ 0.2", "≤ 0.5", Score::postgresMicros);
        ratios("Postgres CPU per order, 256 clients", many, many, "≤ 0.13", "≤ 0.33", Score::postgresMicros);
    }

    private void ratios(
            String what,
            String ours,
            String theirs,
            String toStateless,
            String toStatement,
            ToDoubleFunction<Score> figure) {
        for (String each : List.of(OPTIMISTIC, PESSIMISTIC))
            scores.ratio(out, what + ": " + each, toStateless, new Of(ours, PLUMB), new Of(theirs, each), figure);
        scores.ratio(out, what + ": " + STATEMENT, toStatement, new Of(ours, PLUMB), new Of(theirs, STATEMENT), figure);
    }
}

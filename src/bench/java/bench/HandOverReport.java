package bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/// Sorts what clients saw by what happened meanwhile. All times are of this machine's monotonic clock.
///
/// *Calm*: due in the second before a wish, all customers live. *During*: under way at any time between the wish and
/// the
/// first answer of the new owner. *Moving*: due between a wish and the time when all customers are live at the new
/// owner, or under way then: all that a client can feel of a move.
final class HandOverReport {
    private final double rate;
    private final int instances;
    private final List<Move> moves;
    private final List<Answer> answers;
    private final List<Sight> sights;
    private final Map<Move, Long> firsts = new HashMap<>();

    HandOverReport(double rate, int instances, List<Move> moves, List<Answer> answers, List<Sight> sights) {
        this.rate = rate;
        this.instances = instances;
        this.moves = moves;
        this.answers = answers;
        this.sights = sights;
        for (Move move : moves) firsts.put(move, firstOf(move));
    }

    /// @param due when it should have been sent
    /// @param epoch 0: it failed
    record Answer(long due, long done, long epoch) {}

    /// An instance's table shows that version, as a client was told.
    record Sight(String instance, long version, long at) {}

    /// @param flipped when the row was changed, shortly before the commit
    /// @param version the routing version of the flip
    /// @param live when all customers were
    record Move(long calm, long wished, long flipped, long version, long epoch, long live) {}

    void say(Consumer<String> out) {
        out.accept(String.format(
                Locale.ROOT,
                "%d moves of a range with 1,000 live customers, %.0f orders/s; failed: %d of %d",
                moves.size(),
                rate,
                answers.stream().filter(answer -> answer.epoch() == 0).count(),
                answers.size()));
        out.accept("");
        out.accept("| answers | n | p50 ms | p99 ms | p99.9 ms | longest ms |");
        out.accept("|---|---:|---:|---:|---:|---:|");
        double[] calm = line(out, "calm", latencies(answer -> isCalm(answer)));
        double[] moving = line(out, "moving", latencies(this::isMoving));
        out.accept(String.format(
                Locale.ROOT,
                "| extra while moving | | %.1f | %.1f | %.1f | %.1f |",
                moving[0] - calm[0],
                moving[1] - calm[1],
                moving[2] - calm[2],
                moving[3] - calm[3]));
        line(out, "of these: during the hand-over", latencies(this::isDuring));
        out.accept("");
        out.accept("| phase | n | p50 ms | p99 ms | p99.9 ms | longest ms |");
        out.accept("|---|---:|---:|---:|---:|---:|");
        line(out, "wish to flip", moves.stream().mapToLong(move -> move.flipped() - move.wished()));
        line(
                out,
                "last order of the old owner to first of the new one",
                moves.stream().mapToLong(this::gap));
        line(
                out,
                "flip to the first answer of the new owner",
                moves.stream().mapToLong(move -> first(move) - move.flipped()));
        line(out, "flip to one instance's table", moves.stream().flatMapToLong(this::lags));
        line(
                out,
                "flip to every instance's table",
                moves.stream().mapToLong(move -> lags(move).max().orElseThrow()));
        line(out, "flip to all customers live", moves.stream().mapToLong(move -> move.live() - move.flipped()));
    }

    private boolean isCalm(Answer answer) {
        return moves.stream().anyMatch(move -> answer.due() >= move.calm() && answer.done() < move.wished());
    }

    private boolean isMoving(Answer answer) {
        return moves.stream().anyMatch(move -> answer.done() >= move.wished() && answer.due() < move.live());
    }

    private boolean isDuring(Answer answer) {
        return moves.stream().anyMatch(move -> answer.done() >= move.wished() && answer.due() < first(move));
    }

    private LongStream latencies(Predicate<Answer> which) {
        return answers.stream()
                .filter(answer -> answer.epoch() > 0)
                .filter(which)
                .mapToLong(answer -> answer.done() - answer.due());
    }

    /// When the new owner's first answer was there.
    private long first(Move move) {
        return Objects.requireNonNull(firsts.get(move));
    }

    private long firstOf(Move move) {
        return answers.stream()
                .filter(answer -> answer.done() >= move.wished() && answer.epoch() >= move.epoch())
                .mapToLong(Answer::done)
                .min()
                .orElseThrow();
    }

    /// How long nobody was answered.
    private long gap(Move move) {
        long last = answers.stream()
                .filter(answer -> answer.epoch() > 0 && answer.epoch() < move.epoch())
                .mapToLong(Answer::done)
                .max()
                .orElseThrow();
        return first(move) - last;
    }

    /// Of every instance.
    private LongStream lags(Move move) {
        var first = new HashMap<String, Long>();
        for (Sight sight : sights)
            if (sight.version() >= move.version() && sight.at() >= move.wished())
                first.merge(sight.instance(), sight.at() - move.flipped(), Math::min);
        if (first.size() != instances) throw new IllegalStateException("not every instance has seen " + move);
        return first.values().stream().mapToLong(Long::longValue);
    }

    private static double[] line(Consumer<String> out, String what, LongStream nanos) {
        var sorted = new ArrayList<Long>(nanos.boxed().toList());
        Collections.sort(sorted);
        double[] values = {at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1)};
        out.accept(String.format(
                Locale.ROOT,
                "| %s | %d | %.1f | %.1f | %.1f | %.1f |",
                what,
                sorted.size(),
                values[0],
                values[1],
                values[2],
                values[3]));
        return values;
    }

    private static double at(List<Long> sorted, double part) {
        if (sorted.isEmpty()) return 0;
        int index = (int) Math.min(sorted.size() - 1L, Math.round(Math.ceil(part * sorted.size())) - 1);
        return sorted.get(index) / (double) Duration.ofMillis(1).toNanos();
    }
}

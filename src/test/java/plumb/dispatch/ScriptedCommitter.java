package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import plumb.Statement;
import plumb.commit.CommitResult;
import plumb.commit.Committer;
import plumb.commit.Unit;
import plumb.commit.Write;

/// A lane and its database, in memory: records units, and does with each what the test says.
final class ScriptedCommitter implements Committer {
    /// One line of a key's pad.
    record Line(String key, String text) {}

    static final Statement<Line> INSERT = Statement.of(Line.class, "insert into line values (:key, :text, :epoch)");

    /// A unit that waits for the test's decision.
    final class Submission {
        final Unit unit;
        private final CompletableFuture<CommitResult> result = new CompletableFuture<>();

        private Submission(Unit unit) {
            this.unit = unit;
        }

        List<String> texts() {
            return ScriptedCommitter.texts(unit);
        }

        void commit() {
            answer(new CommitResult.Committed());
        }

        /// Durable first if it is a success.
        void answer(CommitResult decided) {
            if (decided instanceof CommitResult.Committed
                    || decided.equals(new CommitResult.Ambiguous(CommitResult.Outcome.APPLIED))) apply(unit);
            result.complete(decided);
        }

        void breakDown(Throwable fault) {
            result.completeExceptionally(fault);
        }
    }

    private final Map<String, List<String>> lines = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Submission> undecided = new LinkedBlockingQueue<>();
    private final List<Unit> units = new CopyOnWriteArrayList<>();
    private volatile @Nullable Function<Unit, CommitResult> always;
    /// Applies what is no line.
    volatile Consumer<Write> others = write -> {};

    /// From now on each unit gets this at once; those that wait, too. Decided and applied under this object's lock, as
    /// a transaction is under its fence.
    void always(Function<Unit, CommitResult> decision) {
        always = decision;
        for (Submission one = undecided.poll(); one != null; one = undecided.poll()) decide(one, decision);
    }

    private synchronized void decide(Submission submission, Function<Unit, CommitResult> decision) {
        submission.answer(decision.apply(submission.unit));
    }

    void alwaysCommits() {
        always(unit -> new CommitResult.Committed());
    }

    @Override
    public CompletableFuture<CommitResult> submit(Unit unit) {
        var submission = new Submission(unit);
        units.add(unit);
        undecided.add(submission);
        Function<Unit, CommitResult> decision = always;
        if (decision != null && undecided.remove(submission)) decide(submission, decision);
        return submission.result;
    }

    /// Waits for a unit to decide on.
    Submission next() throws InterruptedException {
        Submission next = undecided.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("a unit").isNotNull();
        return Objects.requireNonNull(next);
    }

    /// All that were submitted so far.
    List<Unit> units() {
        return List.copyOf(units);
    }

    /// What is durable of a key, in order.
    List<String> linesOf(String key) {
        List<String> of = lines.getOrDefault(key, List.of());
        synchronized (of) {
            return List.copyOf(of);
        }
    }

    void store(String key, String text) {
        List<String> of = lines.computeIfAbsent(key, one -> new ArrayList<>());
        synchronized (of) {
            of.add(text);
        }
    }

    static List<String> texts(Unit unit) {
        return unit.writes().stream().map(write -> ((Line) write.row()).text()).toList();
    }

    private void apply(Unit unit) {
        for (Write write : unit.writes()) {
            if (write.row() instanceof Line line) store(line.key(), line.text());
            else others.accept(write);
            write.committed(1);
        }
    }
}

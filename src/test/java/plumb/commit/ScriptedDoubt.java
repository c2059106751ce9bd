package plumb.commit;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import plumb.commit.CommitResult.Outcome;
import plumb.keyspace.Tenure;

/// Says what the test says, and keeps the questions.
final class ScriptedDoubt implements Doubt {
    record Question(Set<Tenure> tenures, @Nullable String xid) {}

    private final List<Question> questions = new CopyOnWriteArrayList<>();
    private volatile Outcome outcome = Outcome.UNKNOWN;
    private volatile @Nullable RuntimeException failure;

    void says(Outcome answer) {
        outcome = answer;
    }

    void fails(RuntimeException with) {
        failure = with;
    }

    List<Question> questions() {
        return questions;
    }

    @Override
    public Outcome settle(Set<Tenure> tenures, @Nullable String xid) {
        questions.add(new Question(Set.copyOf(tenures), xid));
        RuntimeException with = failure;
        if (with != null) throw with;
        return outcome;
    }
}

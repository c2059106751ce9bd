package plumb.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static plumb.commit.ScriptedStore.tenure;
import static plumb.commit.ScriptedStore.unit;
import static plumb.commit.ScriptedStore.units;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plumb.commit.CommitResult.Ambiguous;
import plumb.commit.CommitResult.Committed;
import plumb.commit.CommitResult.Failed;
import plumb.commit.CommitResult.NotApplied;
import plumb.commit.CommitResult.Outcome;
import plumb.commit.CommitResult.Refused;
import plumb.commit.FencedStore.Attempt;
import plumb.commit.ScriptedDoubt.Question;

class BatchTest {
    private static final CommitResult COMMITTED = new Committed();
    private static final CommitResult REFUSED = new Refused();
    private static final Attempt TRY_AGAIN = new Attempt.TryAgain("deadlock");

    private final ScriptedStore store = new ScriptedStore();
    private final ScriptedDoubt doubt = new ScriptedDoubt();
    private final LaneStats stats = new LaneStats();
    private final AtomicInteger pauses = new AtomicInteger();
    private boolean goOn = true;

    private final Batch batch = new Batch(store, doubt, 3, this::pause, stats);

    private boolean pause() {
        pauses.incrementAndGet();
        return goOn;
    }

    @Test
    void unitsShareOneTransactionInTheirOrder() {
        assertThat(batch.commit(units(1, "a", "b", "c"))).containsExactly(COMMITTED, COMMITTED, COMMITTED);

        assertThat(store.attempts()).containsExactly(List.of("a", "b", "c"));
        assertThat(stats.commits()).isEqualTo(1);
        assertThat(stats.units()).isEqualTo(3);
        assertThat(stats.largestBatch()).isEqualTo(3);
    }

    @Test
    void unitsOfALostTenureAreRefusedAndTheOthersCommitted() {
        store.lose(2);

        assertThat(batch.commit(List.of(unit(1, "a"), unit(2, "stale"), unit(1, "b"))))
                .containsExactly(COMMITTED, REFUSED, COMMITTED);
        assertThat(store.durable()).containsExactly("a", "b");
        assertThat(stats.units()).isEqualTo(2);
        assertThat(stats.refused()).isEqualTo(1);
        assertThat(doubt.questions()).isEmpty();
    }

    @Test
    void aProbeAsksTheFenceAndCountsAsNothing() {
        store.lose(2);

        assertThat(batch.commit(List.of(Unit.probe(tenure(1)), Unit.probe(tenure(2)))))
                .containsExactly(COMMITTED, REFUSED);
        assertThat(stats.commits()).isZero();
        assertThat(stats.refused()).as("nobody has tried to write").isZero();
    }

    @Test
    void aProbeWhoseAnswerIsLostLeavesNoDoubt() {
        store.next(new Attempt.InDoubt("77", Set.of(), "cut"));
        CommitResult lost = batch.commit(List.of(Unit.probe(tenure(1)))).getFirst();
        store.nextThrows(new IllegalStateException("a bug"));
        CommitResult broken = batch.commit(List.of(Unit.probe(tenure(1)))).getFirst();

        assertThat(List.of(lost, broken)).allMatch(NotApplied.class::isInstance);
        assertThat(doubt.questions()).as("no epoch is raised for it").isEmpty();
    }

    @Test
    void aProbeDoesNotHideADoubt() {
        store.next(new Attempt.InDoubt("77", Set.of(), "cut"));
        doubt.says(Outcome.APPLIED);

        assertThat(batch.commit(List.of(Unit.probe(tenure(1)), unit(2, "a"))).getLast())
                .isEqualTo(new Ambiguous(Outcome.APPLIED));
        assertThat(doubt.questions()).containsExactly(new Question(Set.of(tenure(2)), "77"));
    }

    /// Each place in batches of odd and even size.
    @ParameterizedTest
    @CsvSource({"1,0", "2,0", "2,1", "3,0", "3,1", "3,2", "8,0", "8,3", "8,7", "9,4", "9,8"})
    void poisonedUnitFailsAlone(int size, int place) {
        String[] names = names(size);
        store.poison(names[place]);

        List<CommitResult> results = batch.commit(units(1, names));

        assertThat(results.get(place)).isEqualTo(new Failed("23505", "no " + names[place]));
        assertThat(results).hasSize(size).containsOnlyOnce(new Failed("23505", "no " + names[place]));
        assertThat(results.stream().filter(COMMITTED::equals)).hasSize(size - 1);
        assertThat(store.durable())
                .containsExactlyElementsOf(List.of(names).stream()
                        .filter(name -> !name.equals(names[place]))
                        .toList());
        assertThat(stats.failed()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"2,0,1", "8,0,7", "8,2,3", "8,3,4", "5,0,4"})
    void twoPoisonedUnitsFailAlone(int size, int first, int second) {
        String[] names = names(size);
        store.poison(names[first]);
        store.poison(names[second]);

        List<CommitResult> results = batch.commit(units(1, names));

        assertThat(results.get(first)).isEqualTo(new Failed("23505", "no " + names[first]));
        assertThat(results.get(second)).isEqualTo(new Failed("23505", "no " + names[second]));
        assertThat(results.stream().filter(COMMITTED::equals)).hasSize(size - 2);
        assertThat(store.durable()).hasSize(size - 2).doesNotContain(names[first], names[second]);
        assertThat(stats.failed()).isEqualTo(2);
    }

    @Test
    void poisonIsFoundByHalvingNotOneByOne() {
        String[] names = names(1024);
        store.poison(names[700]);

        batch.commit(units(1, names));

        assertThat(store.attempts()).hasSize(1 + 2 * 10);
    }

    @Test
    void refusedUnitsStayRefusedInAHalvedBatch() {
        store.lose(2);
        store.poison("bad");

        assertThat(batch.commit(List.of(unit(2, "stale"), unit(1, "bad"), unit(1, "a"), unit(2, "too"))))
                .containsExactly(REFUSED, new Failed("23505", "no bad"), COMMITTED, REFUSED);
    }

    @ParameterizedTest
    @CsvSource({"APPLIED", "NOT_APPLIED", "UNKNOWN"})
    void doubtIsAskedOnceAndTheBatchNeverRepeatedOrHalved(Outcome outcome) {
        store.next(new Attempt.InDoubt("4711", Set.of(), "connection reset"));
        doubt.says(outcome);
        CommitResult ambiguous = new Ambiguous(outcome);

        assertThat(batch.commit(List.of(unit(1, "a"), unit(2, "b"), unit(1, "c"))))
                .containsExactly(ambiguous, ambiguous, ambiguous);
        assertThat(doubt.questions()).containsExactly(new Question(Set.of(tenure(1), tenure(2)), "4711"));
        assertThat(store.attempts()).containsExactly(List.of("a", "b", "c"));
        assertThat(pauses).hasValue(0);
        assertThat(stats.ambiguous()).isEqualTo(1);
    }

    /// Else the answer "committed" would acknowledge what the fence did not let through.
    @Test
    void whatTheFenceRefusedIsNeverAmbiguous() {
        store.next(new Attempt.InDoubt("4711", Set.of(tenure(2)), "connection reset"));
        doubt.says(Outcome.APPLIED);

        assertThat(batch.commit(List.of(unit(1, "a"), unit(2, "stale"))))
                .containsExactly(new Ambiguous(Outcome.APPLIED), REFUSED);
        assertThat(doubt.questions()).containsExactly(new Question(Set.of(tenure(1)), "4711"));
    }

    @Test
    void nothingIsInDoubtWhereAllWereRefused() {
        store.next(new Attempt.InDoubt("4711", Set.of(tenure(2)), "connection reset"));

        assertThat(batch.commit(units(2, "stale"))).containsExactly(REFUSED);
        assertThat(doubt.questions()).isEmpty();
    }

    @Test
    void doubtOfOneHalfDoesNotTouchTheOther() {
        store.poison("bad");
        store.next(store::apply); // all four: bad data
        store.next(store::apply); // a, b
        store.next(new Attempt.InDoubt("4711", Set.of(), "connection reset")); // c, bad
        doubt.says(Outcome.NOT_APPLIED);
        CommitResult ambiguous = new Ambiguous(Outcome.NOT_APPLIED);

        assertThat(batch.commit(List.of(unit(1, "a"), unit(2, "b"), unit(3, "c"), unit(3, "bad"))))
                .containsExactly(COMMITTED, COMMITTED, ambiguous, ambiguous);
        assertThat(doubt.questions()).containsExactly(new Question(Set.of(tenure(3)), "4711"));
    }

    @Test
    void storeThatThrowsForOneHalfDoesNotTouchTheOther() {
        store.poison("bad");
        store.next(store::apply); // all four: bad data
        store.next(store::apply); // a, b
        store.nextThrows(new LinkageError("a test's")); // c, bad
        doubt.says(Outcome.NOT_APPLIED);
        CommitResult unknown = new Ambiguous(Outcome.UNKNOWN);

        assertThat(batch.commit(units(1, "a", "b", "c", "bad")))
                .containsExactly(COMMITTED, COMMITTED, unknown, unknown);
    }

    /// Its transaction may be anywhere: the tenures end, and without an id nobody can say more than "unknown".
    @Test
    void storeThatThrowsLeavesADoubtThatStaysUnknown() {
        store.nextThrows(new IllegalStateException("a test's"));
        doubt.says(Outcome.NOT_APPLIED);
        CommitResult unknown = new Ambiguous(Outcome.UNKNOWN);

        assertThat(batch.commit(List.of(unit(1, "a"), unit(2, "b")))).containsExactly(unknown, unknown);
        assertThat(doubt.questions()).containsExactly(new Question(Set.of(tenure(1), tenure(2)), null));
        assertThat(store.attempts()).hasSize(1);
    }

    @Test
    void doubtThatCannotBeSettledIsUnknown() {
        store.poison("bad");
        store.next(store::apply); // both: bad data
        store.next(new Attempt.InDoubt("4711", Set.of(), "connection reset"));
        doubt.fails(new IllegalStateException("a test's"));

        assertThat(batch.commit(units(1, "a", "bad")))
                .containsExactly(new Ambiguous(Outcome.UNKNOWN), new Failed("23505", "no bad"));
    }

    @Test
    void rolledBackForNoFaultIsTriedAgainWhole() {
        store.next(TRY_AGAIN);
        store.next(TRY_AGAIN);

        assertThat(batch.commit(units(1, "a", "b"))).containsExactly(COMMITTED, COMMITTED);
        assertThat(store.attempts()).containsExactly(List.of("a", "b"), List.of("a", "b"), List.of("a", "b"));
        assertThat(store.durable()).containsExactly("a", "b");
        assertThat(pauses).hasValue(2);
    }

    @Test
    void triesAreBounded() {
        for (int i = 0; i < 3; i++) store.next(TRY_AGAIN);

        assertThat(batch.commit(units(1, "a", "b")))
                .containsExactly(new NotApplied("deadlock"), new NotApplied("deadlock"));
        assertThat(store.attempts()).hasSize(3);
        assertThat(store.durable()).isEmpty();
        assertThat(doubt.questions()).isEmpty();
    }

    @Test
    void triesEndWithTheLane() {
        goOn = false;
        store.next(TRY_AGAIN);

        assertThat(batch.commit(units(1, "a"))).containsExactly(new NotApplied("deadlock"));
        assertThat(store.attempts()).hasSize(1);
    }

    @Test
    void doubtAfterATryEndsTheTries() {
        store.next(TRY_AGAIN);
        store.next(new Attempt.InDoubt("4711", Set.of(), "connection reset"));

        assertThat(batch.commit(units(1, "a"))).containsExactly(new Ambiguous(Outcome.UNKNOWN));
        assertThat(store.attempts()).hasSize(2);
    }

    private static String[] names(int size) {
        return IntStream.range(0, size).mapToObj(i -> "u" + i).toArray(String[]::new);
    }
}

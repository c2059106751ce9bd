package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.Handler;
import plumb.LoadFailed;
import plumb.NotOwner;
import plumb.Overloaded;
import plumb.Rejection;
import plumb.Timers;
import plumb.Writes;
import plumb.commit.CommitResult;
import plumb.dispatch.DispatchStats.Event;
import plumb.dispatch.ScriptedCommitter.Line;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// What handlers do without being asked: ticks, timers and alarms, on a clock that the test moves.
class InitiativeTest extends DispatchFixture {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String CLOCK = "clock";
    private static final Key ANN = new Key(CLOCK, "ann");
    private static final RangeId OTHER = new RangeId(2);

    /// The state: what has happened to it.
    static final class Clock {
        final List<String> happened = new CopyOnWriteArrayList<>();
    }

    /// Whatever the state: every alarm that began.
    private final List<String> rung = new CopyOnWriteArrayList<>();
    /// What the methods throw.
    private final AtomicReference<@Nullable RuntimeException> fault = new AtomicReference<>();

    private final class Clocks implements Handler.Factory<Clock> {
        @Override
        public List<Duration> ticks() {
            return List.of(MINUTE);
        }

        @Override
        public Map<String, Class<?>> alarms() {
            return Map.of("late", String.class, "close", Void.class, "again", Void.class);
        }

        @Override
        public Handler<Clock> create(String key, Writes writes) {
            return new Handler<>() {
                @Override
                public Clock load() {
                    return new Clock();
                }

                @Override
                public void tick(Clock clock, int which) {
                    clock.happened.add("tick");
                    fail();
                }

                @Override
                public void alarm(Clock clock, String name, String argument) {
                    rung.add(name + argument);
                    fail();
                    writes.add(ScriptedCommitter.INSERT, new Line(key, name + argument));
                    clock.happened.add(name + argument);
                    if (name.equals("again")) Turn.current().alarms().set(name, wall().plus(MINUTE));
                }
            };
        }

        private void fail() {
            RuntimeException wanted = fault.get();
            if (wanted != null) throw wanted;
        }
    }

    @BeforeEach
    void alsoHoldsClocks() {
        committer.others = alarmTable::apply;
        dispatcher.register(CLOCK, new Clocks());
        holds(6);
    }

    @AfterEach
    void andNoMore() {
        dispatcher.halt(OTHER, "the test is over");
    }

    private void holds(long epoch) {
        Tenure tenure = new Tenure(OTHER, tenure(epoch).epoch(), TENURE.owner());
        dispatcher.granted(CLOCK, KeyRange.ALL, tenure);
    }

    private <R> CompletableFuture<R> ask(Function<Clock, R> function) {
        return dispatcher.call(ANN, LATE, function);
    }

    private List<String> happened() throws Exception {
        return value(ask(clock -> List.copyOf(clock.happened)));
    }

    private void set(String argument, Instant due) throws Exception {
        value(ask(clock -> {
            Turn.current().alarms().set("late", argument, due);
            return "";
        }));
        happened(); // a turn later it is armed
    }

    private boolean cancel(String argument) throws Exception {
        return value(ask(clock -> Turn.current().alarms().cancel("late", argument)));
    }

    private Optional<Instant> due(String argument) throws Exception {
        return value(ask(clock -> Turn.current().alarms().due("late", argument)));
    }

    /// Serves the agenda meanwhile.
    private void eventually(ThrowingRunnable assertion) {
        soon(() -> {
            agenda.runDue();
            assertion.run();
        });
    }

    private void passes(Duration time) {
        nowNanos.addAndGet(time.toNanos());
        agenda.runDue();
    }

    private void ring() {
        dispatcher.ring(ANN, wall(), LATE).exceptionally(failure -> null).join();
    }

    // --- ticks

    @Test
    void aTickComesAgainAndAgainAsLongAsTheKeyIsInMemory() throws Exception {
        committer.alwaysCommits();
        happened();
        for (int i = 1; i <= 3; i++) {
            int sofar = i;
            passes(MINUTE);
            eventually(() -> assertThat(happened()).hasSize(sofar).containsOnly("tick"));
            eventually(() ->
                    assertThat(agenda.size()).as("the next one is entered").isOne());
        }

        dispatcher.halt(OTHER, "lost");

        eventually(() -> assertThat(agenda.size()).isZero());
    }

    @Test
    void aTickDoesNotKeepAKeyInMemory() throws Exception {
        happened();
        for (Duration idle = Duration.ZERO; idle.compareTo(settings().idle()) < 0; idle = idle.plus(MINUTE)) {
            passes(MINUTE);
            eventually(() -> assertThat(dispatcher.stats().inside()).isZero());
            eventually(() -> assertThat(agenda.size()).isOne());
        }

        soon(() -> {
            nowNanos.addAndGet(settings().idle().dividedBy(8).toNanos()); // so often it looks
            dispatcher.sweep();
            assertThat(dispatcher.stats().handlers()).isZero();
        });
        assertThat(agenda.size()).isZero();
    }

    @Test
    void ticksDoNotPileUpBehindALongTurn() throws Exception {
        committer.alwaysCommits();
        var gate = new Gate();
        var blocked = ask(clock -> {
            gate.pass();
            return "";
        });
        gate.awaitHeld();
        passes(MINUTE);
        passes(Duration.ofSeconds(20));
        assertThat(agenda.size()).as("the next one waits for this one's end").isZero();

        gate.open();

        value(blocked);
        eventually(() -> assertThat(agenda.size()).isOne());
        assertThat(happened()).containsExactly("tick");
    }

    @Test
    void aTickThatFailsDropsTheStateAndTheNextOneComesAllTheSame() throws Exception {
        happened();
        fault.set(new IllegalStateException("the test wants it"));
        passes(MINUTE);
        eventually(() -> assertThat(dispatcher.stats().count(Event.DISCARDED)).isOne());
        fault.set(null);

        assertThat(happened()).as("another state").isEmpty();

        passes(MINUTE);
        eventually(() -> assertThat(happened()).containsExactly("tick"));
    }

    // --- timers

    @Test
    void aTimerRunsOnceOnTheKeysThread() throws Exception {
        value(ask(clock -> Turn.timers().after(MINUTE.dividedBy(2), () -> clock.happened.add("timer"))));
        passes(MINUTE.dividedBy(4));
        assertThat(happened()).isEmpty();

        passes(MINUTE.dividedBy(4));

        eventually(() -> assertThat(happened()).containsExactly("timer"));
    }

    @Test
    void aTimerThatIsCancelledDoesNotRunEvenIfItIsQueuedAlready() throws Exception {
        var gate = new Gate();
        Timers.Timer timer =
                value(ask(clock -> Turn.timers().after(MINUTE.dividedBy(2), () -> clock.happened.add("timer"))));
        var cancel = ask(clock -> {
            gate.pass();
            timer.cancel();
            return "";
        });
        gate.awaitHeld();
        passes(MINUTE.dividedBy(2));
        gate.open();

        value(cancel);

        assertThat(happened()).isEmpty();
        eventually(() -> assertThat(dispatcher.stats().inside()).isZero());
        assertThat(happened()).isEmpty();
    }

    @Test
    void aTimerIsGoneWithTheStateThatSetIt() throws Exception {
        var leftBehind = new CopyOnWriteArrayList<String>();
        failure(ask(clock -> {
            Turn.timers().after(MINUTE.dividedBy(2), () -> leftBehind.add("timer"));
            throw new IllegalStateException("drops the state");
        }));
        happened();

        passes(MINUTE.dividedBy(2));

        eventually(() -> assertThat(dispatcher.stats().inside()).isZero());
        assertThat(leftBehind).isEmpty();
    }

    @Test
    void aKeyHasSoManyTimersAtMost() throws Exception {
        assertThat(failure(ask(clock -> {
                    for (int i = 0; i <= 1_000; i++) Turn.timers().after(MINUTE, () -> {});
                    return "";
                })))
                .isInstanceOf(Overloaded.class);
    }

    // --- alarms

    @Test
    void anAlarmFiresWhenItIsDueAndIsGoneWithItsCommit() throws Exception {
        committer.alwaysCommits();
        set("1", wall().plusSeconds(30));
        assertThat(alarmTable.of(ANN)).hasSize(1);
        passes(Duration.ofSeconds(29));
        assertThat(happened()).isEmpty();

        passes(Duration.ofSeconds(1));

        eventually(() -> assertThat(happened()).containsExactly("late1"));
        assertThat(committer.linesOf("ann")).containsExactly("late1");
        assertThat(alarmTable.of(ANN)).isEmpty();
        eventually(() -> assertThat(dispatcher.stats().count(Event.ALARM_FIRED)).isOne());
        ring();
        assertThat(rung).hasSize(1);
    }

    @Test
    void severalAreEachFiredOnceInTheirOrder() throws Exception {
        committer.alwaysCommits();
        for (String each : List.of("3", "1", "2")) set(each, wall().plusSeconds(10 + Long.parseLong(each)));

        nowNanos.addAndGet(Duration.ofSeconds(30).toNanos());

        eventually(() -> {
            assertThat(happened()).containsExactly("late1", "late2", "late3");
        });
        assertThat(alarmTable.of(ANN)).isEmpty();
    }

    @Test
    void itFiresAtTheNextOwnerWhoHasNeverHeardOfIt() throws Exception {
        committer.alwaysCommits();
        alarmTable.put(ANN, "late", "1", wall().minusSeconds(5));
        assertThat(dispatcher.stats().handlers()).isZero();

        ring();

        assertThat(rung).containsExactly("late1");
        assertThat(alarmTable.of(ANN)).isEmpty();
        soon(() -> assertThat(dispatcher.stats().alarmLag()).isEqualTo(Duration.ofSeconds(5)));
    }

    /// The key was in memory somewhere else when its alarm was set, and comes into memory before it is due.
    @Test
    void aLoadedKeyRingsByItself() throws Exception {
        committer.alwaysCommits();
        alarmTable.put(ANN, "late", "1", wall().plusSeconds(5));
        happened();

        passes(Duration.ofSeconds(5));

        eventually(() -> assertThat(happened()).containsExactly("late1"));
    }

    @Test
    void whatIsCancelledOrPutOffDoesNotFire() throws Exception {
        committer.alwaysCommits();
        set("1", wall().plusSeconds(5));
        set("2", wall().plusSeconds(5));
        set("2", wall().plusSeconds(50));
        assertThat(cancel("1")).isTrue();
        assertThat(cancel("1")).isFalse();

        passes(Duration.ofSeconds(10));
        ring();

        assertThat(rung).isEmpty();
        assertThat(due("2")).contains(wall().plusSeconds(40));
    }

    /// The cancel waits in front of the alarm, which is urgent enough to be in the same turn.
    @Test
    void aCancelInTheSameTurnCounts() throws Exception {
        committer.alwaysCommits();
        set("1", wall().plusSeconds(5));
        var gate = new Gate();
        var blocked = ask(clock -> {
            gate.pass();
            return "";
        });
        gate.awaitHeld();
        var cancel = dispatcher.<Clock, Boolean>call(
                ANN, Rank.URGENT, LATE, clock -> Turn.current().alarms().cancel("late", "1"));
        passes(Duration.ofSeconds(5));
        gate.open();

        value(blocked);
        boolean wasSet = value(cancel);
        assertThat(wasSet).isTrue();

        happened();
        assertThat(rung).isEmpty();
    }

    @Test
    void whatItsRequestDidNotCommitIsNotSet() throws Exception {
        committer.always(unit -> new CommitResult.Failed("23505", "the test wants it"));
        failure(ask(clock -> {
            Turn.current().alarms().set("late", "1", wall().plusSeconds(5));
            return "";
        }));
        committer.alwaysCommits();
        happened();

        passes(Duration.ofSeconds(10));

        happened();
        assertThat(rung).isEmpty();
    }

    @Test
    void anUndoneRequestHasChangedNoAlarm() throws Exception {
        committer.alwaysCommits();
        set("1", wall().plusSeconds(50));
        failure(ask(clock -> {
            Turn.undo().with(() -> {});
            Turn.current().alarms().cancel("late", "1");
            Turn.current().alarms().set("close", wall().plusSeconds(5));
            throw new Rejection(409, "no", "the test wants it");
        }));

        assertThat(dispatcher.stats().count(Event.DISCARDED)).isZero();
        assertThat(due("1")).isPresent();
        Optional<Instant> close = value(ask(clock -> Turn.current().alarms().due("close")));
        assertThat(close).isEmpty();
    }

    @Test
    void oneThatFailsStaysAndFiresAgainLater() throws Exception {
        committer.alwaysCommits();
        set("1", wall().plusSeconds(5));
        fault.set(new IllegalStateException("the test wants it"));
        passes(Duration.ofSeconds(5));
        eventually(() -> assertThat(alarmTable.of(ANN))
                .containsExactly(new PendingAlarm("late", "1", wall().plusSeconds(1), 1)));
        assertThat(committer.linesOf("ann")).isEmpty();
        fault.set(null);
        happened();
        assertThat(rung).hasSize(1);

        passes(Duration.ofSeconds(1));

        eventually(() -> assertThat(happened()).containsExactly("late1"));
        assertThat(alarmTable.of(ANN)).isEmpty();
        soon(() -> assertThat(dispatcher.stats().count(Event.ALARM_FAILED)).isOne());
    }

    /// Its state stays, so nothing but the pause keeps it from ringing on and on.
    @Test
    void oneThatSaysNoDoesNotRingAgainBeforeItsPauseIsOver() throws Exception {
        committer.alwaysCommits();
        set("1", wall().plusSeconds(5));
        set("2", wall().plusSeconds(5));
        fault.set(new Rejection(409, "no", "the test wants it"));
        passes(Duration.ofSeconds(5));

        eventually(() -> assertThat(alarmTable.of(ANN)).allMatch(alarm -> alarm.attempts() == 1));

        eventually(() -> assertThat(dispatcher.stats().inside()).isZero());
        assertThat(rung).containsExactly("late1", "late2");
    }

    /// What is due by the database's clock must not be due all the time, because this one's is behind.
    @Test
    void aFailureIsPutOffAlsoByAClockThatIsBehind() throws Exception {
        committer.alwaysCommits();
        Instant due = wall().plusSeconds(5);
        set("1", due);
        fault.set(new IllegalStateException("the test wants it"));
        wallIsOff.set(Duration.ofHours(-1));

        failure(dispatcher.ring(ANN, due, LATE));

        eventually(() ->
                assertThat(alarmTable.of(ANN)).containsExactly(new PendingAlarm("late", "1", due.plusSeconds(1), 1)));
    }

    @Test
    void thePauseGrowsToFiveMinutes() throws Exception {
        committer.alwaysCommits();
        fault.set(new Rejection(409, "no", "the test wants it"));
        set("1", wall());
        for (int attempts = 1; attempts <= 12; attempts++) {
            int failed = attempts;
            agenda.runDue();
            eventually(
                    () -> assertThat(alarmTable.of(ANN).getFirst().attempts()).isEqualTo(failed));
            Duration pause =
                    Duration.between(wall(), alarmTable.of(ANN).getFirst().due());
            assertThat(pause).isEqualTo(Duration.ofSeconds(Math.min(300, 1L << (failed - 1))));
            happened(); // so it is armed
            nowNanos.addAndGet(pause.toNanos());
        }
    }

    @Test
    void anAlarmCanSetItselfAnew() throws Exception {
        committer.alwaysCommits();
        value(ask(clock -> {
            Turn.current().alarms().set("again", wall());
            return "";
        }));
        for (int i = 1; i <= 3; i++) {
            int times = i;
            agenda.runDue();
            eventually(() ->
                    assertThat(happened().stream().filter("again"::equals)).hasSize(times));
            assertThat(alarmTable.of(ANN)).hasSize(1);
            nowNanos.addAndGet(MINUTE.toNanos());
        }
    }

    /// The database was away: the alarm is where it was, and whoever looks there finds it.
    @Test
    void anUncommittedAlarmFiresAgain() throws Exception {
        committer.alwaysCommits();
        set("1", wall().plusSeconds(5));
        committer.always(unit -> new CommitResult.NotApplied("the test wants it"));
        passes(Duration.ofSeconds(5));
        eventually(() -> assertThat(dispatcher.stats().count(Event.DISCARDED)).isOne());
        committer.alwaysCommits();
        assertThat(alarmTable.of(ANN)).hasSize(1);

        ring();

        assertThat(rung).containsExactly("late1", "late1");
        assertThat(committer.linesOf("ann")).containsExactly("late1");
        assertThat(alarmTable.of(ANN)).isEmpty();
    }

    @Test
    void itNeverFiresWhereTheLeaseIsNotSurelyHeld() throws Exception {
        committer.alwaysCommits();
        set("1", wall().plusSeconds(5));
        trusted.set(false);
        passes(Duration.ofSeconds(5));
        assertThat(failure(dispatcher.ring(ANN, wall(), LATE))).isInstanceOf(NotOwner.class);

        dispatcher.halt(OTHER, "lost");
        passes(Duration.ofSeconds(5));
        assertThat(failure(dispatcher.ring(ANN, wall(), LATE))).isInstanceOf(NotOwner.class);

        assertThat(rung).isEmpty();
        trusted.set(true);
        holds(7);
        ring();
        assertThat(rung).containsExactly("late1");
    }

    /// The database's clock says what is due; an instance whose clock is behind must not be late by that.
    @Test
    void whoLooksIntoTheTableKnowsBetterThanAClockThatIsBehind() throws Exception {
        committer.alwaysCommits();
        Instant due = wall().plusSeconds(5);
        set("1", due);
        wallIsOff.set(Duration.ofHours(-1));

        value(dispatcher.ring(ANN, due, LATE));

        assertThat(rung).containsExactly("late1");
    }

    /// People's clock is set while an alarm is far away.
    @Test
    void aFarAlarmComparesTheClocksNowAndThen() throws Exception {
        committer.alwaysCommits();
        Instant due = wall().plus(Duration.ofHours(10));
        set("1", due);
        passes(Duration.ofHours(1));
        happened();
        wallIsOff.set(Duration.ofHours(7));
        passes(Duration.ofHours(1));
        happened();
        assertThat(rung).isEmpty();

        passes(Duration.ofHours(1));

        eventually(() -> {
            assertThat(rung).containsExactly("late1");
        });
    }

    @Test
    void misuseIsNamed() throws Exception {
        assertThat(failure(ask(clock -> Turn.current().alarms().cancel("early"))))
                .hasMessageContaining("no method marked @Alarm(\"early\")");
        assertThat(failure(ask(clock -> Turn.current().alarms().cancel("late", 5L))))
                .hasMessageContaining("takes a String");
        assertThat(failure(ask(clock -> Turn.current().alarms().cancel("close", "x"))))
                .hasMessageContaining("no argument");
        assertThat(failure(ask(clock -> Turn.current().alarms().cancel("late"))))
                .hasMessageContaining("takes a String");
        assertThat(failure(ask(clock -> Turn.current().alarms().cancel("late", "x".repeat(201)))))
                .hasMessageContaining("1 to 200 characters");
    }

    @Test
    void aKeyHasSoManyAlarmsAtMost() throws Exception {
        committer.alwaysCommits();
        assertThat(failure(ask(clock -> {
                    for (int i = 0; i <= AlarmBook.MOST; i++)
                        Turn.current().alarms().set("late", Integer.toString(i), wall().plus(MINUTE));
                    return "";
                })))
                .isInstanceOf(Overloaded.class);
        assertThat(alarmTable.of(ANN)).isEmpty();
    }

    @Test
    void aLoadThatCannotReadTheAlarmsFails() throws Exception {
        alarmTable.isAway = true;
        assertThat(failure(ask(clock -> ""))).isInstanceOf(LoadFailed.class);
        alarmTable.isAway = false;
        nowNanos.addAndGet(MINUTE.toNanos());

        assertThat(happened()).isEmpty();
    }
}

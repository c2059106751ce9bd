package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import plumb.commit.CommitResult;
import plumb.dispatch.ScriptedCommitter.Submission;

/// What stands still is seen, though everything around it looks healthy.
class HealthyMeansProgressTest extends DispatchFixture {
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration WITHIN = Duration.ofSeconds(5);

    private final Probe probe = new Probe(dispatcher, EVERY, WITHIN, nowNanos::get);
    private volatile boolean repliesStuck;

    @Override
    Executor replies() {
        Executor threads = Executors.newVirtualThreadPerTaskExecutor();
        return reply -> {
            if (!repliesStuck) threads.execute(reply);
        };
    }

    @Test
    void aTurnThatDoesNotEndShowsAtItsRange() throws Exception {
        var gate = new Gate();
        var stuck = call("stuck", pad -> {
            gate.pass();
            return "at last";
        });
        gate.awaitHeld();
        pass(Duration.ofSeconds(40));
        assertThat(call("another", pad -> "goes on").get()).isEqualTo("goes on");
        soon(() -> assertThat(range().sinceTurn()).isEqualTo(Duration.ZERO));
        pass(Duration.ofSeconds(2));

        assertThat(range()).isEqualTo(new Progress(RANGE, 2, Duration.ofSeconds(2), Duration.ofSeconds(42)));
        assertThat(range().standstill()).as("others go on").isEqualTo(Duration.ofSeconds(2));
        assertThat(dispatcher.stats().longestWork(nowNanos.get())).isEqualTo(Duration.ofSeconds(42));
        gate.open();

        assertThat(stuck.get()).isEqualTo("at last");
        soon(() -> assertThat(range().oldestWork()).isZero());
    }

    @Test
    void aRangeOfWhichNoTurnEndsStandsStill() throws Exception {
        value(read("before"));
        soon(() -> assertThat(range().sinceTurn()).isEqualTo(Duration.ZERO));
        pass(Duration.ofSeconds(100));
        Gate gate = busy("stuck");
        pass(Duration.ofSeconds(30));

        assertThat(range().sinceTurn()).isEqualTo(Duration.ofSeconds(130));
        assertThat(range().standstill()).isEqualTo(Duration.ofSeconds(30));
        gate.open();
    }

    @Test
    void aProbeThatComesBackIsAllRight() {
        committer.alwaysCommits();
        pass(Duration.ofSeconds(20));
        probe.send();

        soon(() -> assertThat(probe.silence()).isZero());
        assertThat(probe.problem()).isEmpty();
        assertThat(probe.failures()).isZero();
        assertThat(committer.units())
                .as("asks the fence of what is held")
                .hasSize(1)
                .allMatch(unit -> unit.tenure().equals(TENURE) && unit.writes().isEmpty());
        assertThat(dispatcher.stats().count(DispatchStats.Event.TURN))
                .as("is no customer's")
                .isZero();
        assertThat(pads.loads).as("is no customer").hasValue(0);
    }

    @Test
    void aLaneThatStandsStillFailsTheProbe() throws Exception {
        probe.send();
        Submission held = committer.next();
        pass(WITHIN.plusSeconds(2));
        probe.send();
        probe.send();

        assertThat(probe.problem()).contains("no answer for 7 s");
        assertThat(probe.silence()).isEqualTo(WITHIN.plusSeconds(2));
        assertThat(probe.failures()).as("one, that is late").isEqualTo(1);
        assertThat(committer.units()).as("one is on its way").hasSize(1);

        held.commit();
        soon(() -> assertThat(probe.problem()).isEmpty());
        assertThat(probe.silence()).isZero();
    }

    @Test
    void handlersThatCannotRunFailTheProbe() {
        committer.alwaysCommits();
        var gate = new Gate();
        ThreadFactory stuck = task -> Thread.ofVirtual().unstarted(() -> {
            gate.pass();
            task.run();
        });
        var other = new Dispatcher(settings(), committer, trusted::get, nowNanos::get, stuck, replies());
        var through = new Probe(other, EVERY, WITHIN, nowNanos::get);
        through.send();
        pass(WITHIN.plusSeconds(1));
        assertThat(through.problem()).contains("no answer for 6 s");
        assertThat(through.silence()).isEqualTo(WITHIN.plusSeconds(1));

        gate.open();
        soon(() -> assertThat(through.problem())
                .as("too late to be run")
                .hasValueSatisfying(why -> assertThat(why).contains("Expired")));
        through.send();
        soon(() -> assertThat(through.problem()).isEmpty());
        assertThat(through.failures()).isEqualTo(1);
    }

    @Test
    void answersThatDoNotLeaveFailTheProbe() {
        committer.alwaysCommits();
        repliesStuck = true;
        probe.send();
        soon(() -> assertThat(committer.units()).hasSize(1));
        pass(WITHIN.plusSeconds(1));

        assertThat(probe.problem()).contains("no answer for 6 s");
    }

    @Test
    void aFenceThatRefusesWhatIsHeldFailsTheProbe() {
        committer.always(unit -> new CommitResult.Refused());
        probe.send();

        soon(() -> assertThat(probe.problem()).isPresent());
        assertThat(probe.failures()).isEqualTo(1);
    }

    @Test
    void aFenceThatRefusesWhatIsNotHeldIsRight() {
        dispatcher.halt(RANGE, "the test wants nothing to be held");
        committer.always(unit -> new CommitResult.Refused());
        pass(Duration.ofSeconds(20));
        probe.send();

        soon(() -> assertThat(probe.silence()).isZero());
        assertThat(probe.problem()).isEmpty();
    }

    @Test
    void aDatabaseThatIsAwayFailsTheProbe() {
        committer.always(unit -> new CommitResult.NotApplied("no connection"));
        probe.send();

        soon(() -> assertThat(probe.problem())
                .hasValueSatisfying(why -> assertThat(why).contains("no connection")));
        committer.alwaysCommits();
        probe.send();
        soon(() -> assertThat(probe.problem()).isEmpty());
    }

    @Test
    void aProbeIsGoodForAWhileAndRepeatedAtOnceAfterAFailure() {
        committer.alwaysCommits();
        pass(Duration.ofSeconds(1)); // from the start: the silence ends with the first that passes
        probe.sendInTime();
        soon(() -> assertThat(probe.silence()).isZero());
        pass(EVERY.minusSeconds(1));
        probe.sendInTime();
        assertThat(committer.units()).hasSize(1);

        committer.always(unit -> new CommitResult.NotApplied("no connection"));
        pass(Duration.ofSeconds(1));
        probe.sendInTime();
        soon(() -> assertThat(probe.problem()).isPresent());
        committer.alwaysCommits();
        soon(() -> {
            probe.sendInTime(); // nothing happens as long as the failed one is not over
            assertThat(probe.problem()).isEmpty();
        });
        assertThat(committer.units()).hasSize(3);
    }

    private Progress range() {
        assertThat(dispatcher.progress()).hasSize(1);
        return dispatcher.progress().getFirst();
    }

    private void pass(Duration time) {
        nowNanos.addAndGet(time.toNanos());
    }
}

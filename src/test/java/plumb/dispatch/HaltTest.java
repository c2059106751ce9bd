package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import plumb.NotOwner;
import plumb.commit.CommitResult;
import plumb.keyspace.RangeId;

/// The lease is lost.
class HaltTest extends DispatchFixture {
    @Test
    void whoWaitsIsRefusedAtOnceAndWhoComesToo() throws Exception {
        Gate gate = busy("a");
        var queued = List.of(read("a"), write("a", "1"));

        dispatcher.halt(RANGE, "lost");

        for (var reply : queued) refused(reply, NotOwner.class); // while the turn still runs
        refused(read("a"), NotOwner.class);
        gate.open();
        assertThat(pads.discarded.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(committer.units()).isEmpty();
    }

    @Test
    void anIdleHandlerDropsItsStateAtOnce() throws Exception {
        value(read("a"));

        dispatcher.halt(RANGE, "lost");

        assertThat(pads.discarded.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
    }

    @Test
    void aReadThatComputesWhenTheRangeIsLostIsNotAnswered() throws Exception {
        var gate = new Gate();
        var read = call("a", pad -> {
            gate.pass();
            return pad.read();
        });
        gate.awaitHeld();

        dispatcher.halt(RANGE, "lost");
        gate.open();

        refused(read, NotOwner.class);
    }

    @Test
    void theRestOfATurnDoesNotRun() throws Exception {
        var gate = new Gate();
        var runs = new AtomicInteger();
        Gate busy = busy("a");
        var running = call("a", pad -> {
            gate.pass();
            return pad.read();
        });
        var behind = call("a", pad -> runs.incrementAndGet());
        busy.open();
        gate.awaitHeld();

        dispatcher.halt(RANGE, "lost");
        gate.open();

        refused(running, NotOwner.class);
        refused(behind, NotOwner.class);
        assertThat(runs).hasValue(0);
    }

    /// The fence decides, not the memory of this instance: what it let pass is durable and is answered.
    @Test
    void aCommitThatPassedTheFenceIsAnsweredAfterTheHalt() throws Exception {
        var written = write("a", "1");
        var submission = committer.next();

        dispatcher.halt(RANGE, "lost");
        submission.commit();

        assertThat(value(written)).containsExactly("1");
    }

    /// A(5) → B(6) → A(7): what was loaded under 5 must neither commit nor be read under 7.
    @Test
    void aTurnKeepsTheTenureFromBeforeItsLoadWhateverIsGrantedMeanwhile() throws Exception {
        var gate = new Gate();
        var reads = new Gate();
        var stale = call("a", pad -> {
            gate.pass();
            pad.write("stale");
            return pad.read();
        });
        var staleRead = call("b", pad -> {
            reads.pass();
            return pad.read();
        });
        gate.awaitHeld();
        reads.awaitHeld();

        dispatcher.halt(RANGE, "taken by B");
        committer.store("a", "by B");
        committer.store("b", "by B");
        granted(tenure(7));
        var fresh = read("a");
        assertThat(value(fresh)).containsExactly("by B"); // while the old handler still runs
        gate.open();
        reads.open();

        var submission = committer.next();
        assertThat(submission.unit.tenure()).isEqualTo(TENURE);
        submission.answer(new CommitResult.Refused());
        refused(stale, NotOwner.class);
        refused(staleRead, NotOwner.class);
        // the refusal ended the old tenure, not the new one
        var written = write("a", "under 7");
        var next = committer.next();
        assertThat(next.unit.tenure()).isEqualTo(tenure(7));
        next.commit();
        assertThat(value(written)).containsExactly("by B", "under 7");
    }

    @Test
    void aLoadThatBeganBeforeTheHaltIsNotUsedUnderTheNextTenure() throws Exception {
        var gate = new Gate();
        pads.beforeLoad = key -> gate.pass();
        var waiting = write("a", "1");
        gate.awaitHeld();

        granted(tenure(7)); // without a halt before
        pads.beforeLoad = key -> {};
        CompletableFuture<List<String>> fresh = read("a");
        assertThat(value(fresh)).isEmpty();
        gate.open();

        refused(waiting, NotOwner.class);
        assertThat(committer.units()).isEmpty();
    }

    @Test
    void haltingWhatIsNotHeldDoesNothing() throws Exception {
        dispatcher.halt(new RangeId(99), "never held");

        assertThat(value(read("a"))).isEmpty();
    }
}

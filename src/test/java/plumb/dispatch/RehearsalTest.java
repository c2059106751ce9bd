package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.NotOwner;
import plumb.commit.CommitResult;

/// An instance that owns nothing yet goes through what its customers will.
class RehearsalTest extends DispatchFixture {
    @BeforeEach
    void nothingIsHeld() {
        dispatcher.halt(RANGE, "not granted yet");
        dispatcher.rehearse(key("example"));
        committer.always(unit -> new CommitResult.Refused()); // as the fence does with a tenure that nobody has
    }

    @Test
    void theExampleIsLoadedAndAsked() throws Exception {
        assertThat(value(read("example"))).isEmpty();

        assertThat(pads.loads).hasValue(1);
        refused(read("another"), NotOwner.class);
    }

    @Test
    void nothingThatARehearsalWritesGoesAnywhere() throws Exception {
        refused(write("example", "a line"), NotOwner.class);

        assertThat(committer.units()).hasSize(1).allMatch(unit -> unit.writes().isEmpty());
        assertThat(committer.linesOf("example")).isEmpty();
    }

    @Test
    void itLeavesNothing() throws Exception {
        value(read("example"));
        dispatcher.endRehearsal(key("example")).get(10, TimeUnit.SECONDS);

        assertThat(pads.discarded).containsExactly("example");
        assertThat(dispatcher.stats().count(DispatchStats.Event.LOADED)).isZero();
        refused(read("example"), NotOwner.class);
    }

    /// What was loaded under a tenure that nobody has must not answer anybody once there is an owner.
    @Test
    void whoOwnsTheExampleIsServedFromItsOwnMemory() throws Exception {
        value(call("example", pad -> pad.memo = "of the rehearsal"));
        granted(TENURE);

        String memo = value(call("example", pad -> pad.memo));
        assertThat(memo).isEmpty();
        assertThat(pads.loads).hasValue(2);
        dispatcher.endRehearsal(key("example")).get(10, TimeUnit.SECONDS);
        assertThat(value(read("example"))).isEmpty();
    }
}

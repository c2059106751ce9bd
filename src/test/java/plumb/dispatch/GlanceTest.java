package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import plumb.NotOwner;

/// An operator's look at what is in memory of one key.
class GlanceTest extends DispatchFixture {
    @Test
    void itLoadsNothing() throws Exception {
        assertThat(value(dispatcher.glance(key("a"), LATE))).isEqualTo(Glance.NOTHING);
        assertThat(pads.loads).hasValue(0);
    }

    @Test
    void itShowsTheStateAsItsClassDescribesIt() throws Exception {
        committer.store("a", "one");
        value(read("a"));

        Glance glance = value(dispatcher.glance(key("a"), LATE));

        assertThat(glance.live()).isTrue();
        assertThat(glance.state()).isEqualTo("{\"lines\":1}");
        assertThat(glance.waiting()).isZero();
        assertThat(pads.loads).hasValue(1);
    }

    /// That somebody looks costs the key nothing.
    @Test
    void whatCannotBeDescribedStaysInMemory() throws Exception {
        value(dispatcher.call(key("a"), LATE, (Pad pad) -> pad.memo = Pads.INDESCRIBABLE));

        Glance glance = value(dispatcher.glance(key("a"), LATE));

        assertThat(glance.live()).isTrue();
        assertThat(glance.state()).isNull();
        assertThat(value(dispatcher.call(key("a"), LATE, (Pad pad) -> pad.memo)))
                .isEqualTo(Pads.INDESCRIBABLE);
        assertThat(pads.loads).hasValue(1);
    }

    @Test
    void whoDoesNotOwnItKnowsNothing() {
        dispatcher.halt(RANGE, "lost");

        assertThatThrownBy(() -> value(dispatcher.glance(key("a"), LATE))).hasRootCauseInstanceOf(NotOwner.class);
    }
}

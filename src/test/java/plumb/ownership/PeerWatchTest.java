package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Incarnation;

class PeerWatchTest {
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final long TTL_NANOS = TTL.toNanos();
    private static final OptionalLong STEADY = OptionalLong.of(Long.MIN_VALUE / 2);

    private final Incarnation peer = new Incarnation(new UUID(0, 7));
    private final PeerWatch watch = new PeerWatch(TTL);

    @Test
    void theWindowBeginsWhenTheReadReturnedThatFirstShowedTheHeartbeat() {
        watch.observe(row(3), 100);
        watch.observe(row(3), 900);

        assertThat(watch.overdue(row(3), TTL_NANOS + 99, STEADY)).isEmpty();
        assertThat(watch.overdue(row(3), TTL_NANOS + 100, STEADY)).isEqualTo(row(3));
    }

    @Test
    void aGlanceShowsAHeartbeatEarlierThanTheNextFullRead() {
        watch.observe(row(3), 100);
        watch.glance(Map.of(peer, 4L), 300);
        watch.observe(row(4), 900);

        assertThat(watch.overdue(row(4), TTL_NANOS + 299, STEADY)).isEmpty();
        assertThat(watch.overdue(row(4), TTL_NANOS + 300, STEADY)).isEqualTo(row(4));
    }

    @Test
    void aGlanceAtTheSameHeartbeatBeginsNoWindow() {
        watch.observe(row(3), 100);
        watch.glance(Map.of(peer, 3L), 300);

        assertThat(watch.overdue(row(3), TTL_NANOS + 100, STEADY)).isEqualTo(row(3));
    }

    @Test
    void whoMovedSinceTheFullReadIsNotOverdue() {
        watch.observe(row(3), 100);
        watch.glance(Map.of(peer, 4L), TTL_NANOS);

        assertThat(watch.overdue(row(3), TTL_NANOS + 100, STEADY)).isEmpty();
        assertThat(watch.isMoving(peer, TTL_NANOS + 100, Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void aGlanceDoesNotExtendAWindowThatBeganWithTheOwnRenewals() {
        watch.observe(row(3), 100);
        watch.glance(Map.of(peer, 4L), 300);

        assertThat(watch.overdue(row(4), TTL_NANOS + 300, OptionalLong.of(5_000)))
                .as("own renewals have succeeded for less than a time to live")
                .isEmpty();
        assertThat(watch.overdue(row(4), TTL_NANOS + 300, OptionalLong.empty())).isEmpty();
    }

    @Test
    void whoWasNotThereAtTheFullReadIsNotMetByAGlance() {
        watch.observe(List.of(), 100);
        watch.glance(Map.of(peer, 4L), 300);

        assertThat(watch.isMoving(peer, 300, TTL)).isFalse();
    }

    private List<InstanceRow> row(long heartbeat) {
        return List.of(new InstanceRow(peer, LeaseTableFixture.info("peer"), InstanceRow.State.ALIVE, heartbeat));
    }
}

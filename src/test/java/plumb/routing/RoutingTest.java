package plumb.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Slot;
import plumb.ownership.Decision;
import plumb.ownership.InMemoryLeaseTable;
import plumb.ownership.InstanceInfo;
import plumb.ownership.InstanceRow;
import plumb.ownership.Wish;

/// The table that says whose key it is, read from the rows as they change.
class RoutingTest {
    private static final Decision WHY = new Decision("a test", "it wants to");

    private final InMemoryLeaseTable rows = new InMemoryLeaseTable();
    private final Routes routes = new Routes();
    private final AtomicReference<@Nullable Incarnation> me = new AtomicReference<>();
    private final RoutingTableRefresher refresher = new RoutingTableRefresher(
            rows,
            routes,
            () -> Optional.ofNullable(me.get()),
            System::nanoTime,
            Thread.ofVirtual().factory());

    RoutingTest() {
        rows.createRanges("customer", "UUID", 4);
    }

    @AfterEach
    void end() {
        refresher.close();
    }

    private Incarnation register(String name) {
        return rows.register(new InstanceInfo(name, "http://" + name, "http://" + name, "1"), null);
    }

    private Route at(long slot) {
        return routes.current().route("customer", new Slot(slot));
    }

    @Test
    void beforeAnythingIsKnownNoSlotHasARoute() {
        assertThatThrownBy(() -> at(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRangeIsUnownedThenOursThenAnothers() throws Exception {
        refresher.start();
        assertThat(refresher.refreshNow()).isTrue();
        assertThat(at(0)).isInstanceOf(Route.Unowned.class);

        Incarnation a = register("a");
        me.set(a);
        rows.claim(a, 4);
        refresher.refreshNow();
        assertThat(at(0)).isInstanceOf(Route.Local.class);

        Incarnation b = register("b");
        Route first = at(0);
        rows.wish(first.range(), first.epoch(), new Wish.Move(b), WHY);
        rows.handOver(
                new plumb.keyspace.Tenure(first.range(), first.epoch(), a), b, plumb.keyspace.HandedAlong.NOTHING);
        refresher.refreshNow();
        assertThat(at(0)).isInstanceOfSatisfying(Route.Remote.class, remote -> {
            assertThat(remote.owner().incarnation()).isEqualTo(b);
            assertThat(remote.epoch().isAfter(first.epoch())).isTrue();
        });
        assertThat(at(Slot.SPACE / 4)).as("the next range stays").isInstanceOf(Route.Local.class);
    }

    @Test
    void rangesMeetWithoutGapOrOverlap() throws Exception {
        refresher.start();
        refresher.refreshNow();
        long quarter = Slot.SPACE / 4;

        for (int i = 0; i < 4; i++) {
            Route route = at(i * quarter);
            assertThat(at((i + 1) * quarter - 1)).isSameAs(route);
            assertThat(route.keys().lo()).isEqualTo(i * quarter);
        }
        assertThat(Set.copyOf(routes.current().routes("customer"))).hasSize(4);
    }

    @Test
    void theRangesOfADeadOwnerAreUnowned() throws Exception {
        Incarnation a = register("a");
        Incarnation b = register("b");
        rows.claim(b, 4);
        me.set(a);
        refresher.start();
        refresher.refreshNow();
        assertThat(at(7)).isInstanceOf(Route.Remote.class);

        rows.declareDead(a, b, 0);
        refresher.refreshNow();

        assertThat(at(7)).isInstanceOf(Route.Unowned.class);
    }

    @Test
    void aNewerVersionIsReadAndAnOldOneIsNot() throws Exception {
        refresher.start();
        refresher.refreshNow();
        RoutingTable before = routes.current();
        refresher.refreshAtLeast(before.version());
        assertThat(routes.awaitChange(before, 0)).isFalse();

        rows.claim(register("a"), 4);
        refresher.refreshAtLeast(before.version() + 1);

        assertThat(routes.awaitChange(before, Duration.ofSeconds(10).toNanos())).isTrue();
        assertThat(routes.current().version()).isGreaterThan(before.version());
    }

    @Test
    void aLatePageDoesNotUndoANewerOne() {
        Incarnation a = register("a");
        var early = rows.rangesSince(0);
        rows.claim(a, 4);
        var late = rows.rangesSince(0);
        Map<Incarnation, InstanceRow> known = Map.of(a, rows.instance(a).orElseThrow());

        RoutingTable table = RoutingTable.empty().with(a, late, known).with(a, early, known);

        assertThat(table.route("customer", new Slot(0))).isInstanceOf(Route.Local.class);
        assertThat(table.version()).isEqualTo(late.version());
    }
}

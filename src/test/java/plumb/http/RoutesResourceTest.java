package plumb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.ownership.InstanceInfo;
import plumb.ownership.InstanceRow;
import plumb.ownership.LeaseTable.RangePage;
import plumb.ownership.RangeRow;
import plumb.routing.Route;
import plumb.routing.RoutingTable;

/// What outsiders see of a route.
class RoutesResourceTest {
    @Test
    void instancesShowByNameAndPublicAddressOnly() {
        var owner = new Incarnation(UUID.randomUUID());
        var info = new InstanceInfo("instance-1", "http://inner:8080", "https://shop.example", "1.2.3");
        var row = new RangeRow(new RangeId(1), "customer", KeyRange.ALL, owner, new Epoch(7), null, 9);
        Route route = RoutingTable.empty()
                .with(
                        null,
                        new RangePage(List.of(row), 9),
                        Map.of(owner, new InstanceRow(owner, info, InstanceRow.State.ALIVE, 0)))
                .routes("customer")
                .getFirst();

        RoutesResource.Range shown = RoutesResource.range(route);

        assertThat(shown.owner()).isEqualTo(new RoutesResource.Owner("instance-1", "https://shop.example"));
        assertThat(shown.epoch()).isEqualTo(7);
        assertThat(shown.toString()).doesNotContain("inner", owner.toString(), "1.2.3");
    }
}

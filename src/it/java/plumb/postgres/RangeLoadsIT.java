package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.ownership.InstanceInfo;
import plumb.ownership.Lease;
import plumb.ownership.LeaseTable.ClaimResult.Granted;
import plumb.postgres.RangeLoads.HotKey;
import plumb.postgres.RangeLoads.Measured;

class RangeLoadsIT {
    private static PlumbDatabase database;

    private PostgresLeaseTable table;
    private RangeLoads loads;
    private Incarnation me;
    private List<Lease> leases;

    @BeforeAll
    static void start() throws Exception {
        database = PlumbDatabase.migrated("range_loads");
    }

    @AfterAll
    static void end() throws Exception {
        database.close();
    }

    @BeforeEach
    void twoRanges() throws Exception {
        database.empty();
        database.execute("delete from plumb.range_load");
        table = new PostgresLeaseTable(database.connections());
        loads = new RangeLoads(database.connections());
        table.createRanges("customer", "UUID", 2);
        me = table.register(new InstanceInfo("a", "http://a", "http://a", "1"), null);
        leases = ((Granted) table.claim(me, 2)).leases();
    }

    @Test
    void whatIsPublishedIsKnown() {
        loads.publish(
                me,
                List.of(
                        measured(leases.get(0).tenure(), 0.5, new HotKey("joe's\nkey", 0.75)),
                        measured(leases.get(1).tenure(), 0.1)));

        assertThat(loads.read())
                .filteredOn(known -> known.range().equals(leases.getFirst().range()))
                .singleElement()
                .satisfies(known -> {
                    assertThat(known.load()).isEqualTo(0.5);
                    assertThat(known.waiting()).isEqualTo(2);
                    assertThat(known.requests()).isEqualTo(30);
                    assertThat(known.hot()).containsExactly(new HotKey("joe's\nkey", 0.75));
                    assertThat(known.ageSeconds()).isBetween(0.0, 60.0);
                });
        assertThat(loads.read()).hasSize(2);

        loads.publish(me, List.of(measured(leases.getFirst().tenure(), 0.7)));

        assertThat(loads.read()).hasSize(2).anyMatch(known -> known.load() == 0.7);
    }

    @Test
    void whoLostARangeSaysNothingMoreOfIt() {
        Lease before = leases.getFirst();
        Lease now = table.selfClaim(me, java.util.Set.of(before.tenure())).getFirst();
        loads.publish(me, List.of(measured(now.tenure(), 0.2)));

        loads.publish(me, List.of(measured(before.tenure(), 0.9)));
        loads.publish(
                me,
                List.of(measured(
                        new Tenure(now.range(), now.epoch(), new Incarnation(java.util.UUID.randomUUID())), 0.8)));

        assertThat(loads.read())
                .singleElement()
                .satisfies(
                        known -> assertThat(known.epoch()).isEqualTo(now.epoch().value()));
    }

    @Test
    void aRangeThatIsNoMoreIsForgotten() throws Exception {
        loads.publish(me, List.of(measured(leases.getFirst().tenure(), 0.5)));
        database.execute("update plumb.range_load set range_id = 999999");

        assertThat(loads.forget()).isEqualTo(1);
        assertThat(loads.read()).isEmpty();
    }

    private static Measured measured(Tenure tenure, double load, HotKey... hot) {
        return new Measured(tenure, load, 2, 30, List.of(hot));
    }
}

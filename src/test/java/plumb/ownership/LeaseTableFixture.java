package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.InstanceRow.State;
import plumb.ownership.LeaseTable.ClaimResult;

/// What the contract tests need of an implementation, and the shorthands they share.
///
/// A subclass empties the tables in its own `@BeforeEach`. Within one test every call returns the same object.
public abstract class LeaseTableFixture {
    static final String DOMAIN = "customer";

    protected abstract LeaseTable table();

    protected abstract Heartbeat heartbeat();

    static InstanceInfo info(String name) {
        return new InstanceInfo(name, "http://" + name + ":8080", "http://public-" + name, "1.0");
    }

    Incarnation register(String name) {
        return table().register(info(name), null);
    }

    Incarnation registerWithRanges(String name, int count) {
        table().createRanges(DOMAIN, "UUID", count);
        return register(name);
    }

    List<Lease> claim(Incarnation me, int max) {
        ClaimResult result = table().claim(me, max);
        assertThat(result).isInstanceOf(ClaimResult.Granted.class);
        return ((ClaimResult.Granted) result).leases();
    }

    Lease claimOne(Incarnation me) {
        List<Lease> leases = claim(me, 1);
        assertThat(leases).hasSize(1);
        return leases.get(0);
    }

    RangeRow row(RangeId range) {
        return table().rangesSince(0).ranges().stream()
                .filter(row -> row.range().equals(range))
                .findFirst()
                .orElseThrow();
    }

    State stateOf(Incarnation incarnation) {
        return table().instance(incarnation).orElseThrow().state();
    }

    long version() {
        return table().rangesSince(0).version();
    }

    Set<Tenure> ownedBy(Incarnation owner) {
        var tenures = new HashSet<Tenure>();
        for (RangeRow row : table().rangesSince(0).ranges())
            if (owner.equals(row.owner())) tenures.add(new Tenure(row.range(), row.epoch(), owner));
        return tenures;
    }

    static Set<Tenure> tenures(List<Lease> leases) {
        var tenures = new HashSet<Tenure>();
        leases.forEach(lease -> tenures.add(lease.tenure()));
        return tenures;
    }
}

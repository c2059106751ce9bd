package simulation;

import java.util.HashMap;
import java.util.Map;
import plumb.keyspace.Epoch;
import plumb.keyspace.RangeId;
import plumb.ownership.InMemoryLeaseTable.Grant;
import plumb.ownership.Lease;

/// One owner at a time: whoever would answer from the memory of a range now owns it now, and no epoch is granted twice.
final class Exclusivity {
    private final World world;
    private final Map<RangeId, Epoch> newest = new HashMap<>();
    private int grants;

    Exclusivity(World world) {
        this.world = world;
    }

    /// After each step that may have changed it.
    void check() {
        for (Grant grant : world.database.leases.historyFrom(grants)) {
            grants++;
            Epoch former = newest.put(grant.range(), grant.epoch());
            if (former != null && !grant.epoch().isAfter(former)) world.fail(grant + " after epoch " + former);
        }
        for (Instance instance : world.instances())
            for (Lease lease : instance.serving())
                if (!world.database.leases.isOwned(lease.keys(), lease.owner()))
                    world.fail(instance + " would answer from its memory of " + lease + ", which is somebody else's");
    }
}

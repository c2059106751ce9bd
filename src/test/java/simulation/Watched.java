package simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.ownership.Lease;
import plumb.ownership.OwnershipListener;

/// Passes on what ownership tells an instance, and remembers what it serves.
final class Watched extends Relay {
    private final Consumer<String> changed;
    private final Map<RangeId, Lease> held = new HashMap<>();
    private final Set<Lease> drained = new HashSet<>();

    /// @param changed told of each change
    Watched(OwnershipListener next, Consumer<String> changed) {
        super(next);
        this.changed = changed;
    }

    /// What may be answered from memory while trust holds.
    List<Lease> serving() {
        if (drained.isEmpty()) return List.copyOf(held.values());
        var serving = new ArrayList<>(held.values());
        serving.removeAll(drained);
        return serving;
    }

    @Override
    public void granted(Lease lease, boolean handedOver) {
        held.put(lease.range(), lease);
        super.granted(lease, handedOver);
        changed.accept("granted " + lease);
    }

    @Override
    public void lost(Lease lease, String cause) {
        held.remove(lease.range(), lease);
        drained.remove(lease);
        super.lost(lease, cause);
        changed.accept("lost " + lease + ", " + cause);
    }

    @Override
    public CompletionStage<HandedAlong> drain(Lease lease) {
        return super.drain(lease).whenComplete((along, failure) -> {
            if (failure == null && held.containsValue(lease)) drained.add(lease);
            changed.accept("drained " + lease + " " + along);
        });
    }

    @Override
    public void registered(Incarnation incarnation) {
        super.registered(incarnation);
        changed.accept("registered as " + incarnation);
    }

    @Override
    public void undrain(Lease lease) {
        drained.remove(lease);
        super.undrain(lease);
        changed.accept("undrained " + lease);
    }
}

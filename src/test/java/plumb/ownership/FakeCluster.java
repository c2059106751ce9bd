package plumb.ownership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// Several keepers over one lease table under a clock that a test moves. Nothing runs by itself, so every run is the
/// same; and after every step, whatever happened, it is checked that
///
/// - nobody answers from its memory of a range that has been granted to somebody else since,
/// - nobody commits a write of a range that has been granted to somebody else since,
/// - no epoch of a range is granted twice,
/// - no range is without an owner, if [#everyRangeHasAnOwner] was asked for.
final class FakeCluster {
    static final KeeperSettings SETTINGS = KeeperSettings.defaults();
    KeeperSettings settings = SETTINGS; // of nodes that are added from now on
    private static final long STEP_NANOS = Duration.ofMillis(50).toNanos();

    private record Grant(String node, Epoch epoch) {}

    final InMemoryLeaseTable table = new InMemoryLeaseTable();
    final Flaw flaw;
    final List<FakeNode> nodes = new ArrayList<>();
    boolean databaseAway;
    boolean everyRangeHasAnOwner;
    long elapsedNanos;
    private final Map<RangeId, Grant> newest = new HashMap<>();

    FakeCluster(int ranges) {
        this(ranges, Flaw.NONE);
    }

    FakeCluster(int ranges, Flaw flaw) {
        this.flaw = flaw;
        table.breakBy(flaw);
        table.createRanges("customer", "UUID", ranges);
    }

    FakeNode add(String name) {
        return add(name, 0);
    }

    /// @param drift how much faster that instance's clock runs, 0.01: by a hundredth
    FakeNode add(String name, double drift) {
        FakeNode node = come(name, drift);
        node.keeper.open();
        return node;
    }

    /// One that is not opened yet.
    FakeNode come(String name, double drift) {
        var node = new FakeNode(this, name, drift);
        nodes.add(node);
        return node;
    }

    FakeNode addOfVersion(String version, String name) {
        InstanceInfo info = LeaseTableFixture.info(name);
        var node = new FakeNode(this, new InstanceInfo(name, info.url(), info.publicUrl(), version), 0);
        node.keeper.open();
        nodes.add(node);
        return node;
    }

    /// Past the database.
    boolean answers(Incarnation peer) {
        return nodes.stream()
                .anyMatch(node -> !node.left
                        && !node.paused
                        && !node.deaf
                        && node.keeper.incarnation().filter(peer::equals).isPresent());
    }

    /// Lets that much time pass for everybody who is not paused.
    void pass(Duration time) {
        for (long left = time.toNanos(); left > 0; left -= STEP_NANOS) {
            elapsedNanos += STEP_NANOS;
            for (FakeNode node : List.copyOf(nodes)) {
                node.step();
                check();
            }
        }
    }

    /// Each node says what it was granted.
    void granted(FakeNode node, Lease lease) {
        Grant former = newest.put(lease.range(), new Grant(node.name, lease.epoch()));
        if (former != null && !lease.epoch().isAfter(former.epoch()))
            throw new AssertionError(node.name + " was granted " + lease + " after " + former);
    }

    /// Each node says what it has written.
    void committed(FakeNode node, Tenure tenure) {
        RangeRow row = rows().stream()
                .filter(each -> each.range().equals(tenure.range()))
                .findFirst()
                .orElseThrow();
        if (!tenure.owner().equals(row.owner()) || !tenure.epoch().equals(row.epoch()))
            throw new AssertionError(node.name + " commits under " + tenure + " what belongs to " + row);
    }

    void check() {
        for (FakeNode node : nodes)
            for (Lease lease : node.held.values()) {
                Grant grant = newest.get(lease.range());
                if (node.serves(lease) && grant != null && !grant.equals(new Grant(node.name, lease.epoch())))
                    throw new AssertionError(node.name + " answers from its memory of " + lease + " after " + grant);
            }
        for (FakeNode node : nodes) for (FakeNode other : nodes) if (node != other) checkApart(node, other);
        if (everyRangeHasAnOwner)
            for (RangeRow row : rows()) if (row.owner() == null) throw new AssertionError("nobody owns " + row);
    }

    /// Bounds change: not only one range, but one key has one owner.
    private static void checkApart(FakeNode node, FakeNode other) {
        for (Lease lease : node.held.values())
            for (Lease same : other.held.values())
                if (lease.keys().overlaps(same.keys()) && node.serves(lease) && other.serves(same))
                    throw new AssertionError(node.name + " serves " + lease + ", " + other.name + " " + same);
    }

    List<RangeRow> rows() {
        return table.rangesSince(0).ranges();
    }
}

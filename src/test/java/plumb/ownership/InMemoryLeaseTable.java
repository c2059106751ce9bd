package plumb.ownership;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.InstanceRow.State;

/// The twin of the Postgres lease table: the same contract, in memory. One object is one database; every method is one
/// transaction.
public final class InMemoryLeaseTable implements LeaseTable {
    /// A line of `lease_history`.
    public record Grant(
            long version,
            RangeId range,
            Epoch epoch,
            @Nullable Incarnation owner,
            String reason) {}

    private record Sent(Epoch epoch, HandedAlong along) {}

    /// A transaction that has taken the fence and has not ended.
    public static final class Fence {
        final Tenure tenure;

        private Fence(Tenure tenure) {
            this.tenure = tenure;
        }
    }

    private final Map<Incarnation, InstanceRow> instances = new LinkedHashMap<>();
    private final Map<RangeId, RangeRow> ranges = new TreeMap<>();
    private final Map<RangeId, Sent> handedAlong = new HashMap<>();
    private final Map<String, String> keyTypes = new HashMap<>();
    private final List<Grant> history = new ArrayList<>();
    private final Set<Incarnation> sessions = new HashSet<>();
    private final Set<Fence> fences = new LinkedHashSet<>();
    private final Set<RangeId> uncommitted = new HashSet<>();
    private Flaw flaw = Flaw.NONE;
    private int nextRange = 1;
    private long version;

    /// From now on it is broken in that way.
    public void breakBy(Flaw how) {
        flaw = how;
    }

    /// The port to the heartbeat rows in the same database. Whoever has renewed over it has a session until it is
    /// closed.
    public Heartbeat heartbeat() {
        var renewed = new HashSet<Incarnation>();
        return new Heartbeat() {
            @Override
            public Renewal renew(Incarnation me, long lastHeartbeat) {
                renewed.add(me);
                return InMemoryLeaseTable.this.renew(me, lastHeartbeat);
            }

            @Override
            public void close() {
                endSessions(renewed);
            }
        };
    }

    private synchronized void endSessions(Set<Incarnation> of) {
        sessions.removeAll(of);
    }

    /// The grants and releases after the first so many, in order of commit.
    public synchronized List<Grant> historyFrom(int number) {
        return List.copyOf(history.subList(number, history.size()));
    }

    /// The routing version, as of now.
    public synchronized long version() {
        return version;
    }

    /// Every grant and release so far, in order of commit.
    public synchronized List<Grant> history() {
        return List.copyOf(history);
    }

    /// Sets a heartbeat, as a failover to a database that forgot would.
    public synchronized void forgetHeartbeat(Incarnation incarnation, long heartbeat) {
        instances.computeIfPresent(incarnation, (id, row) -> new InstanceRow(id, row.info(), row.state(), heartbeat));
    }

    /// Begins a transaction that writes; null: the tenure does not hold.
    public synchronized @Nullable Fence fence(Tenure tenure) {
        if (!isHeld(tenure)) return null;
        var fence = new Fence(tenure);
        fences.add(fence);
        return fence;
    }

    /// Ends it. False: the database had ended it before.
    public synchronized boolean commit(Fence fence) {
        return fences.remove(fence);
    }

    /// Whether the range has that owner and that epoch now.
    public synchronized boolean isHeld(Tenure tenure) {
        RangeRow row = ranges.get(tenure.range());
        return row != null
                && tenure.owner().equals(row.owner())
                && tenure.epoch().equals(row.epoch());
    }

    /// Whether all these keys have that owner now, in whatever ranges and epochs.
    public synchronized boolean isOwned(KeyRange keys, Incarnation owner) {
        for (RangeRow row : ranges.values()) if (row.keys().overlaps(keys) && !owner.equals(row.owner())) return false;
        return true;
    }

    /// Every row, as it is now.
    public synchronized List<RangeRow> rows() {
        return List.copyOf(ranges.values());
    }

    /// Who changes the owner of a range waits for the transactions that hold its fence, here: gets no answer in time.
    private void awaitFences(RangeId range) {
        if (isFenced(range)) throw new LeaseTableException("lock time-out", new TimeoutException());
    }

    private boolean isFenced(RangeId range) {
        return flaw != Flaw.WEAK_FENCE
                && fences.stream().anyMatch(fence -> fence.tenure.range().equals(range));
    }

    private synchronized Heartbeat.Renewal renew(Incarnation me, long last) {
        sessions.add(me);
        if (flaw == Flaw.RENEWAL_WITHOUT_COMPARE && instances.containsKey(me)) {
            InstanceRow any = instances.get(me);
            instances.put(me, new InstanceRow(me, any.info(), any.state(), any.heartbeat() + 1));
            return new Heartbeat.Renewal.Renewed(any.heartbeat() + 1, version, false);
        }
        InstanceRow row = instances.get(me);
        if (row == null) return new Heartbeat.Renewal.Lost("gone");
        if (row.state() == State.DEAD) return new Heartbeat.Renewal.Lost("dead");
        if (row.heartbeat() == last + 1) return new Heartbeat.Renewal.Renewed(last + 1, version, true);
        if (row.heartbeat() != last) return new Heartbeat.Renewal.Lost("backwards");
        instances.put(me, new InstanceRow(me, row.info(), row.state(), last + 1));
        return new Heartbeat.Renewal.Renewed(last + 1, version, false);
    }

    @Override
    public synchronized Incarnation register(InstanceInfo me, @Nullable Incarnation former) {
        return register(me, State.ALIVE, former);
    }

    @Override
    public synchronized Incarnation join(InstanceInfo me, @Nullable Incarnation former) {
        return register(me, State.LEAVING, former);
    }

    private Incarnation register(InstanceInfo me, State state, @Nullable Incarnation former) {
        var incarnation = new Incarnation(nextId());
        instances.put(incarnation, new InstanceRow(incarnation, me, state, 0));
        if (former != null) {
            setState(former, State.DEAD);
            version++;
        }
        return incarnation;
    }

    @Override
    public synchronized void createRanges(String domain, String keyType, int count) {
        String frozen = keyTypes.putIfAbsent(domain, keyType);
        if (frozen != null && !frozen.equals(keyType))
            throw new IllegalStateException(domain + " has keys of type " + frozen + ", not " + keyType);
        if (ranges.values().stream().anyMatch(row -> row.domain().equals(domain))) return;
        version++;
        for (KeyRange keys : KeyRange.even(count)) {
            var id = new RangeId(nextRange++);
            ranges.put(id, new RangeRow(id, domain, keys, null, new Epoch(0), null, version));
        }
    }

    @Override
    public synchronized List<InstanceRow> instances() {
        return instances.values().stream()
                .filter(row -> row.state() != State.DEAD)
                .toList();
    }

    @Override
    public synchronized Map<Incarnation, Long> heartbeats(Set<Incarnation> of) {
        return instances().stream()
                .filter(row -> of.contains(row.incarnation()))
                .collect(Collectors.toMap(InstanceRow::incarnation, InstanceRow::heartbeat));
    }

    @Override
    public synchronized Optional<InstanceRow> instance(Incarnation incarnation) {
        return Optional.ofNullable(instances.get(incarnation));
    }

    @Override
    public synchronized RangePage rangesSince(long seen) {
        var page = new RangePage(
                ranges.values().stream()
                        .filter(row -> row.version() > seen && !uncommitted.contains(row.range()))
                        .toList(),
                version);
        uncommitted.clear();
        return page;
    }

    @Override
    public synchronized boolean declareDead(Incarnation me, Incarnation victim, long observedHeartbeat) {
        InstanceRow row = instances.get(victim);
        if (row == null || row.state() == State.DEAD || row.heartbeat() != observedHeartbeat) return false;
        setState(victim, State.DEAD);
        version++;
        fences.removeIf(fence -> fence.tenure.owner().equals(victim)); // its sessions are ended
        return true;
    }

    @Override
    public synchronized boolean confirmDead(Incarnation me, Incarnation victim, long notedHeartbeat) {
        return !sessions.contains(victim) && declareDead(me, victim, notedHeartbeat);
    }

    @Override
    public synchronized ClaimResult claim(Incarnation me, int max) {
        State state = stateOf(me);
        if (state == null || state == State.DEAD) return new ClaimResult.Fenced(state == null ? "gone" : "dead");
        if (state == State.LEAVING) return new ClaimResult.Leaving();
        var taken = new ArrayList<RangeRow>();
        int free = 0;
        for (RangeRow row : inOrderOf(me)) {
            if (!isClaimable(row, me) || isFenced(row.range())) continue;
            if (me.equals(row.target()) || free++ < max) taken.add(row);
        }
        if (!taken.isEmpty()) version++;
        return new ClaimResult.Granted(
                taken.stream().map(row -> grant(row, me, "claim")).toList());
    }

    @Override
    public synchronized ClaimResult claim(Incarnation me, Set<RangeId> chosen) {
        State state = stateOf(me);
        if (state == null || state == State.DEAD) return new ClaimResult.Fenced(state == null ? "gone" : "dead");
        if (state == State.LEAVING) return new ClaimResult.Leaving();
        List<RangeRow> taken = ranges.values().stream()
                .filter(row -> chosen.contains(row.range()) && isOrphaned(row, me) && !isFenced(row.range()))
                .toList();
        if (!taken.isEmpty()) version++;
        return new ClaimResult.Granted(
                taken.stream().map(row -> grant(row, me, "claim")).toList());
    }

    /// Each claimer starts elsewhere, as with `order by hashtext(…)`.
    private List<RangeRow> inOrderOf(Incarnation me) {
        return ranges.values().stream()
                .sorted(Comparator.comparingInt(row -> Objects.hash(row.range().value(), me) * 0x9E3779B9))
                .toList();
    }

    private boolean isClaimable(RangeRow row, Incarnation me) {
        boolean promised = row.target() != null && !row.target().equals(me) && stateOf(row.target()) == State.ALIVE;
        return isOrphaned(row, me) && !promised;
    }

    private boolean isOrphaned(RangeRow row, Incarnation me) {
        return row.owner() == null
                || stateOf(row.owner()) == State.DEAD
                || (flaw == Flaw.CLAIM_OF_THE_LIVING && !row.owner().equals(me));
    }

    @Override
    public synchronized boolean wish(RangeId range, Epoch epoch, Wish wish, Decision decision) {
        RangeRow row = ranges.get(range);
        if (row == null || !row.epoch().equals(epoch) || row.owner() == null || row.isWished()) return false;
        RangeRow wished = switch (wish) {
            case Wish.Move move ->
                move.target().equals(row.owner()) || stateOf(move.target()) != State.ALIVE
                        ? null
                        : with(row, move.target(), null, false, row.pinned());
            case Wish.Split split ->
                row.keys().lo() < split.at() && split.at() < row.keys().hi()
                        ? with(row, null, split.at(), false, row.pinned())
                        : null;
            case Wish.Merge merge -> next(row) == null ? null : with(row, null, null, true, row.pinned());
        };
        if (wished == null) return false;
        put(wished);
        return true;
    }

    /// The neighbour above, if it has the same owner.
    private @Nullable RangeRow next(RangeRow row) {
        return ranges.values().stream()
                .filter(other -> other.domain().equals(row.domain())
                        && other.keys().lo() == row.keys().hi()
                        && Objects.equals(other.owner(), row.owner()))
                .findFirst()
                .orElse(null);
    }

    private static RangeRow with(
            RangeRow row, @Nullable Incarnation target, @Nullable Long splitAt, boolean merge, boolean pinned) {
        return new RangeRow(
                row.range(),
                row.domain(),
                row.keys(),
                row.owner(),
                row.epoch(),
                target,
                row.version(),
                splitAt,
                merge,
                pinned);
    }

    /// Under a new version.
    private void put(RangeRow row) {
        version++;
        ranges.put(
                row.range(),
                new RangeRow(
                        row.range(),
                        row.domain(),
                        row.keys(),
                        row.owner(),
                        row.epoch(),
                        row.target(),
                        version,
                        row.splitAt(),
                        row.merge(),
                        row.pinned()));
    }

    @Override
    public synchronized boolean pin(RangeId range, Epoch epoch, boolean pinned, Decision decision) {
        RangeRow row = ranges.get(range);
        if (row == null || !row.epoch().equals(epoch)) return false;
        put(with(row, row.target(), row.splitAt(), row.merge(), pinned));
        return true;
    }

    @Override
    public synchronized List<Lease> split(Tenure held, long at, HandedAlong along) {
        RangeRow row = ranges.get(held.range());
        if (row == null || !isHeld(row, held) || !Objects.equals(row.splitAt(), at)) return List.of();
        awaitFences(held.range());
        version++;
        KeyRange keys = row.keys();
        var first = new RangeRow(
                row.range(), row.domain(), new KeyRange(keys.lo(), at), row.owner(), row.epoch(), null, version);
        var second = new RangeRow(
                new RangeId(nextRange++),
                row.domain(),
                new KeyRange(at, keys.hi()),
                row.owner(),
                row.epoch(),
                null,
                version);
        return Stream.of(first, second)
                .map(half -> granted(half, held.owner(), "split", along.within(half.keys())))
                .toList();
    }

    @Override
    public synchronized Optional<Lease> merge(Tenure held, Tenure next, HandedAlong along) {
        RangeRow row = ranges.get(held.range());
        RangeRow other = ranges.get(next.range());
        if (row == null || other == null || !isHeld(row, held) || !isHeld(other, next)) return Optional.empty();
        if (!row.merge() || other.isWished() || !other.equals(next(row))) return Optional.empty();
        awaitFences(held.range());
        awaitFences(next.range());
        version++;
        ranges.remove(next.range());
        Epoch epoch = row.epoch().isAfter(other.epoch()) ? row.epoch() : other.epoch();
        var merged = new RangeRow(
                row.range(),
                row.domain(),
                new KeyRange(row.keys().lo(), other.keys().hi()),
                row.owner(),
                epoch,
                null,
                version);
        return Optional.of(granted(merged, held.owner(), "merge", along));
    }

    private Lease granted(RangeRow row, Incarnation owner, String reason, HandedAlong along) {
        Lease lease = grant(row, owner, reason);
        handedAlong.put(lease.range(), new Sent(lease.epoch(), along));
        return lease;
    }

    @Override
    public synchronized void cancelWish(RangeId range, Epoch epoch) {
        RangeRow row = ranges.get(range);
        if (row == null || !row.epoch().equals(epoch) || !row.isWished()) return;
        put(with(row, null, null, false, row.pinned()));
    }

    @Override
    public synchronized Optional<Epoch> handOver(Tenure held, Incarnation target, HandedAlong along) {
        RangeRow row = ranges.get(held.range());
        if (row == null || !isHeld(row, held) || !target.equals(row.target())) return Optional.empty();
        if (stateOf(target) != State.ALIVE) return Optional.empty();
        awaitFences(held.range());
        version++;
        Lease granted = grant(row, target, "hand-over");
        handedAlong.put(held.range(), new Sent(granted.epoch(), along));
        return Optional.of(granted.epoch());
    }

    @Override
    public synchronized HandedAlong handedAlong(Tenure held) {
        Sent sent = handedAlong.get(held.range());
        return sent == null || !sent.epoch().equals(held.epoch()) ? HandedAlong.NOTHING : sent.along();
    }

    @Override
    public synchronized List<Lease> selfClaim(Incarnation me, Set<Tenure> held) {
        List<RangeRow> rows = new HashSet<>(held)
                .stream()
                        .filter(tenure -> tenure.owner().equals(me) && ranges.containsKey(tenure.range()))
                        .filter(tenure -> isHeld(ranges.get(tenure.range()), tenure))
                        .map(tenure -> ranges.get(tenure.range()))
                        .toList();
        rows.forEach(row -> awaitFences(row.range()));
        if (!rows.isEmpty()) version++;
        return rows.stream().map(row -> grant(row, me, "self-claim")).toList();
    }

    private boolean isHeld(RangeRow row, Tenure held) {
        return held.owner().equals(row.owner())
                && held.epoch().equals(row.epoch())
                && stateOf(held.owner()) != State.DEAD;
    }

    @Override
    public synchronized void leave(Incarnation me) {
        if (stateOf(me) == State.ALIVE) setState(me, State.LEAVING);
    }

    @Override
    public synchronized void stay(Incarnation me) {
        if (stateOf(me) == State.LEAVING) setState(me, State.ALIVE);
    }

    @Override
    public synchronized void release(Incarnation me) {
        if (!instances.containsKey(me)) return;
        for (RangeRow row : ranges.values()) if (me.equals(row.owner())) awaitFences(row.range());
        setState(me, State.DEAD);
        version++;
        for (RangeRow row : List.copyOf(ranges.values())) if (me.equals(row.owner())) change(row, null, "release");
    }

    /// Fresh in this database, in no order, and the same in every run: who claims what depends on it.
    private UUID nextId() {
        return UUID.nameUUIDFromBytes(Integer.toString(instances.size()).getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable State stateOf(Incarnation incarnation) {
        InstanceRow row = instances.get(incarnation);
        return row == null ? null : row.state();
    }

    private void setState(Incarnation incarnation, State state) {
        instances.computeIfPresent(incarnation, (id, row) -> new InstanceRow(id, row.info(), state, row.heartbeat()));
    }

    private Lease grant(RangeRow row, Incarnation owner, String reason) {
        Epoch epoch = change(row, owner, reason);
        return new Lease(row.range(), row.domain(), row.keys(), epoch, owner);
    }

    private Epoch change(RangeRow row, @Nullable Incarnation owner, String reason) {
        boolean raised = (flaw != Flaw.EPOCH_NOT_RAISED || !reason.equals("claim"))
                && (flaw != Flaw.SPLIT_KEEPS_EPOCH || !reason.equals("split"));
        var epoch = new Epoch(row.epoch().value() + (raised ? 1 : 0));
        if (flaw == Flaw.VERSION_FROM_A_SEQUENCE && version % 3 == 0) uncommitted.add(row.range());
        ranges.put(
                row.range(),
                new RangeRow(
                        row.range(), row.domain(), row.keys(), owner, epoch, null, version, null, false, row.pinned()));
        history.add(new Grant(version, row.range(), epoch, owner, reason));
        return epoch;
    }
}

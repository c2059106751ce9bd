package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.LeaseTable.ClaimResult;

/// What every [LeaseTable] promises when several threads use it at once.

public abstract class LeaseRaceContract extends WishContract {
    private static final Decision WHY = new Decision("a test", "it wants to");

    @Test
    @Timeout(60)
    void racingStartersMakeTheRangesOnce() throws Exception {
        together(4, starter -> {
            table().createRanges(DOMAIN, "UUID", 16);
            return null;
        });

        assertThat(table().rangesSince(0).ranges()).hasSize(16);
    }

    @Test
    @Timeout(60)
    void racingClaimersNeverGetTheSameRange() throws Exception {
        table().createRanges(DOMAIN, "UUID", 32);
        List<Incarnation> claimers = List.of(register("a"), register("b"), register("c"), register("d"));

        List<List<Lease>> granted = together(4, n -> {
            var mine = new ArrayList<Lease>();
            for (int i = 0; i < 8; i++)
                if (table().claim(claimers.get(n), 2) instanceof ClaimResult.Granted claimed)
                    mine.addAll(claimed.leases());
            return mine;
        });

        var seen = new HashSet<RangeId>();
        for (List<Lease> mine : granted)
            for (Lease lease : mine)
                assertThat(seen.add(lease.range()))
                        .as("granted twice: %s", lease)
                        .isTrue();
        for (int n = 0; n < 4; n++) assertThat(ownedBy(claimers.get(n))).isEqualTo(tenures(granted.get(n)));
    }

    @Test
    @Timeout(60)
    void racingTakersOfOneDeadInstanceDeclareItOnce() throws Exception {
        Incarnation victim = registerWithRanges("victim", 4);
        claim(victim, 4);
        List<Incarnation> takers = List.of(register("a"), register("b"), register("c"));

        List<Boolean> declared = together(3, n -> table().declareDead(takers.get(n), victim, 0));

        assertThat(declared).containsOnlyOnce(true);
    }

    /// A reader that asks only for what changed since its last answer must end with the whole truth: the version order
    /// is the order of the commits, whoever commits late.
    @Test
    @Timeout(60)
    void incrementalReaderMissesNothing() throws Exception {
        table().createRanges(DOMAIN, "UUID", 12);
        List<Incarnation> movers = List.of(register("a"), register("b"), register("c"));
        for (Incarnation mover : movers) claim(mover, 4);
        var done = new AtomicBoolean();
        var pictures = new ArrayList<Map<RangeId, RangeRow>>();

        together(4, n -> {
            if (n == 3) {
                pictures.add(follow(done));
            } else {
                for (int round = 0; round < 12; round++) raiseOrPass(movers.get(n), movers.get((n + 1) % 3));
                done.set(n == 0 || done.get());
            }
            return null;
        });

        assertThat(catchUp(pictures.get(0), seenVersion(pictures.get(0)))).isEqualTo(whole());
    }

    private void raiseOrPass(Incarnation me, Incarnation next) {
        int n = 0;
        for (Tenure held : ownedBy(me)) {
            if (n++ % 2 == 0) {
                table().selfClaim(me, Set.of(held));
            } else if (table().wish(held.range(), held.epoch(), new Wish.Move(next), WHY)) {
                table().handOver(held, next, HandedAlong.NOTHING);
            }
        }
    }

    private Map<RangeId, RangeRow> follow(AtomicBoolean done) {
        var picture = new HashMap<RangeId, RangeRow>();
        long seen = 0;
        while (!done.get()) {
            LeaseTable.RangePage page = table().rangesSince(seen);
            for (RangeRow row : page.ranges()) {
                assertThat(row.version()).isGreaterThan(seen).isLessThanOrEqualTo(page.version());
                picture.put(row.range(), row);
            }
            assertThat(page.version()).isGreaterThanOrEqualTo(seen);
            seen = page.version();
        }
        return picture;
    }

    private static long seenVersion(Map<RangeId, RangeRow> picture) {
        return picture.values().stream().mapToLong(RangeRow::version).max().orElse(0);
    }

    private Map<RangeId, RangeRow> catchUp(Map<RangeId, RangeRow> picture, long seen) {
        for (RangeRow row : table().rangesSince(seen).ranges()) picture.put(row.range(), row);
        return picture;
    }

    private Map<RangeId, RangeRow> whole() {
        return catchUp(new HashMap<>(), 0);
    }

    private interface Part<T extends @org.jspecify.annotations.Nullable Object> {
        T run(int n) throws Exception;
    }

    private static <T extends @org.jspecify.annotations.Nullable Object> List<T> together(int threads, Part<T> part)
            throws Exception {
        var start = new CountDownLatch(threads);
        try (var executor = Executors.newFixedThreadPool(threads)) {
            var futures = new ArrayList<Future<T>>();
            for (int i = 0; i < threads; i++) {
                int n = i;
                futures.add(executor.submit((Callable<T>) () -> {
                    start.countDown();
                    start.await(10, TimeUnit.SECONDS);
                    return part.run(n);
                }));
            }
            var results = new ArrayList<T>();
            for (Future<T> future : futures) results.add(future.get(50, TimeUnit.SECONDS));
            return results;
        }
    }
}

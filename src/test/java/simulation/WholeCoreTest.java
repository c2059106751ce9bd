package simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The core as a whole under every trouble that a seed can think of. What each run checks: [History], [Exclusivity],
/// [Unrest], and that nothing is left.
class WholeCoreTest {
    private static final long SEEDS = 150;
    private static final long MANY_SEEDS = 5_000;
    private static final long SEEDS_FOR_A_FLAW = 1500;
    private static final int LINES_OF_A_STORY = 80;
    private static final Seams NO_FLAW = new Seams() {};
    private static final plumb.ownership.Flaw NONE_BENEATH = plumb.ownership.Flaw.NONE;

    /// What a simulation says nothing about if it never happens.
    private static final String[] OFTEN = """
            answers Done, answers Failed, answers Refused, answers Unknown, calls that came late,
            commits in doubt, deaths confirmed, instances that crashed, instances that left,
            instances that stood still, notes handed along, reads of the routing table that failed,
            ranges by claim, ranges by hand-over, ranges by self-claim, ranges by split,
            requests BACKED_OFF, requests CROWDED, requests DISCARDED, requests EXPIRED, requests FULL,
            requests LOAD_FAILED, requests MADE_ROOM, requests PASSIVATED, self-fences,
            turns refused by the fence, turns with bad data""".split(",\\s+");

    private static final String[] SELDOM = """
            batches with bad data, ranges by merge, ranges by release, requests DRAINING, requests NOT_OWNER,
            requests SHED""".split(",\\s+");

    @Test
    void noStepOfAnyTroubleIsUnsafeAndAllOfItEnds() {
        long from = Long.getLong("plumb.simulation.from", 0);
        long seeds = Long.getLong("plumb.simulation.seeds", SEEDS);
        var census = new Census();
        long begun = System.nanoTime();
        LongStream.range(from, from + seeds).parallel().forEach(seed -> census.add(run(seed)));
        report(census, Duration.ofNanos(System.nanoTime() - begun));
        if (seeds >= SEEDS) assertThat(census.counts()).containsKeys(OFTEN);
        if (seeds >= MANY_SEEDS) assertThat(census.counts()).containsKeys(SELDOM);
    }

    /// What the simulation is worth: each of these is found by one of the first seeds.
    @ParameterizedTest
    @EnumSource
    void aBrokenCoreIsFound(Flaw flaw) {
        assertFound(flaw.name(), flaw, NONE_BENEATH);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aBrokenLeaseIsFound(plumb.ownership.Flaw flaw) {
        assertFound(flaw.name(), NO_FLAW, flaw);
    }

    @Test
    void aSeedMakesTheSameRunAgain() {
        for (long seed = 0; seed < 10; seed++) {
            World once = run(seed);
            World again = run(seed);
            assertThat(again.scheduler.trace()).isEqualTo(once.scheduler.trace());
            assertThat(again.scheduler.steps()).isEqualTo(once.scheduler.steps());
        }
    }

    private static World run(long seed) {
        var world = new World(seed, NO_FLAW, NONE_BENEATH, null);
        try {
            world.run();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ": " + violation(e) + "; again: -Dplumb.simulation.from=" + seed
                            + " -Dplumb.simulation.seeds=1; how it went:\n"
                            + String.join("\n", story(seed)),
                    e);
        }
        return world;
    }

    private static @Nullable String violation(Throwable found) {
        return found.getCause() == null ? found.getMessage() : found.getCause().getMessage();
    }

    /// The end of the story of a run that failed, made by running it again.
    private static List<String> story(long seed) {
        var story = new ArrayList<String>();
        try {
            new World(seed, NO_FLAW, NONE_BENEATH, story).run();
        } catch (RuntimeException | AssertionError e) {
            return story.subList(Math.max(0, story.size() - LINES_OF_A_STORY), story.size());
        }
        return List.of("it did not fail again");
    }

    private static void assertFound(String name, Seams seams, plumb.ownership.Flaw beneath) {
        for (long seed = 0; seed < SEEDS_FOR_A_FLAW; seed++) {
            try {
                new World(seed, seams, beneath, null).run();
            } catch (RuntimeException | AssertionError e) {
                return; // found
            }
        }
        fail("%d seeds did not find %s", SEEDS_FOR_A_FLAW, name);
    }

    private static void report(Census census, Duration took) {
        if (System.getProperty("plumb.simulation.seeds") == null) return;
        System.out.printf(
                "%d schedules, %d steps in %.1f s: %.0f schedules/s%n",
                census.runs(), census.steps(), took.toMillis() / 1e3, 1e3 * census.runs() / took.toMillis());
        for (Map.Entry<String, Long> count : census.counts().entrySet())
            System.out.printf("%12d %s%n", count.getValue(), count.getKey());
    }
}

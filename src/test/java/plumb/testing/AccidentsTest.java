package plumb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.Alarm;
import plumb.Alarms;
import plumb.Drain;
import plumb.Effect;
import plumb.Fingerprint;
import plumb.Key;
import plumb.Keyed;
import plumb.LiveGauge;
import plumb.NotOwner;
import plumb.Once;
import plumb.OutcomeUnknown;
import plumb.PerKey;
import plumb.Rejection;
import plumb.RequestId;
import plumb.Restore;
import plumb.Statement;
import plumb.WriteFailed;
import plumb.Writes;

/// What goes wrong in production goes wrong in the kit alike, and nothing of the dead is left.
@Timeout(60)
class AccidentsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final RequestId TONIGHT = RequestId.ofClient("tonight");

    public record Coins(int coins) {}

    record Saved(String jar, int coins) {}

    record Unfit(String jar) {
        int coins() {
            throw new IllegalStateException("never asked");
        }
    }

    static final Statement<Saved> SAVE = Statement.of(Saved.class, "insert into jar values (:jar, :coins, :epoch)");
    private static final Statement<Saved> CLEAR = Statement.of(Saved.class, "delete from jar where jar = :jar");

    /// What the database has.
    static final class Shelf {
        final Map<String, Integer> jars = new ConcurrentHashMap<>();
        final List<String> ended = Collections.synchronizedList(new ArrayList<>());
        volatile boolean isAway;

        int of(String jar) {
            if (isAway) throw new IllegalStateException("the test wants it");
            return jars.getOrDefault(jar, 0);
        }

        void save(Saved row) {
            if (row.coins() == 13) throw new IllegalStateException("superstitious");
            jars.put(row.jar(), row.coins());
        }
    }

    @PerKey(domain = "jar")
    static class Jar {
        @Inject
        @Key
        String name;

        @Inject
        Writes writes;

        @Inject
        Once once;

        @Inject
        Alarms alarms;

        @Inject
        InstantSource time;

        @Inject
        Shelf shelf;

        @Inject
        Keyed<Purse> purses;

        private int coins;
        private boolean unkeepable;

        @PostConstruct
        void load() {
            coins = shelf.of(name);
        }

        @PreDestroy
        void end() {
            shelf.ended.add(name);
        }

        int put(int added) {
            writes.add(SAVE, new Saved(name, coins + added));
            return coins += added;
        }

        Effect<Coins> put(Coins added, RequestId request) {
            return once.run(request, Fingerprint.of(added), Coins.class, () -> new Coins(put(added.coins())));
        }

        int coins() {
            return coins;
        }

        int clear() {
            writes.add(CLEAR, new Saved(name, 0));
            return coins = 0;
        }

        int later(long added) {
            alarms.set("put", added, time.instant().plus(HOUR));
            return coins;
        }

        @Alarm("put")
        void putLater(long added) {
            put((int) added);
        }

        int inPurse() {
            return purses.at(name)
                    .call(purse -> purse.coins)
                    .toCompletableFuture()
                    .join();
        }

        int unkeepable() {
            unkeepable = true;
            return coins;
        }

        @Drain
        Coins keep() {
            if (unkeepable) throw new IllegalStateException("the test wants it");
            return new Coins(coins);
        }

        @Restore
        void restore(Coins kept) {
            coins = kept.coins();
        }

        @LiveGauge("coins")
        int counted() {
            return coins;
        }
    }

    /// The jar's neighbour.
    @PerKey(domain = "purse")
    static class Purse {
        @Inject
        @Key
        String name;

        private int coins = 7;
    }

    private final Shelf shelf = new Shelf();
    private final TestKit<Jar> kit = TestKit.of(Jar.class)
            .and(Purse.class)
            .with(Shelf.class, shelf)
            .onCommit(Saved.class, shelf::save)
            .start();

    @AfterEach
    void end() {
        kit.close();
    }

    private int put(int coins) {
        return kit.at("ann").call(jar -> jar.put(coins));
    }

    private int coins() {
        return kit.at("ann").call(Jar::coins);
    }

    private Effect<Coins> put(Coins coins, RequestId request) {
        return kit.at("ann").call(jar -> jar.put(coins, request));
    }

    @Test
    void nobodyEndsTheBeansOfTheDead() {
        put(1);
        kit.crash();
        kit.crashAfterNextCommit();
        assertThatThrownBy(() -> put(1)).isInstanceOf(OutcomeUnknown.class);

        assertThat(coins()).isEqualTo(2);
        assertThat(shelf.ended).isEmpty();

        kit.move();
        assertThat(shelf.ended).containsExactly("ann");
    }

    @Test
    void itDiesAfterSoManyCommits() {
        kit.crashAfter(3);
        put(1);
        put(1);
        assertThat(coins()).isEqualTo(2);

        assertThatThrownBy(() -> put(1)).isInstanceOf(OutcomeUnknown.class);

        assertThat(kit.epoch()).isEqualTo(2);
        assertThat(put(1)).isEqualTo(4);
        assertThatThrownBy(() -> kit.crashAfter(0)).hasMessage("the next commit is number 1, not 0");
    }

    @Test
    void whoHasLostItsLeaseAnswersNothingFromMemoryEither() {
        put(1);
        kit.loseLease();

        assertThatThrownBy(this::coins).isInstanceOf(NotOwner.class);
        assertThat(kit.epoch()).isEqualTo(2);
        assertThat(coins()).isEqualTo(1);

        kit.loseLease();
        assertThatThrownBy(() -> put(1)).isInstanceOf(NotOwner.class);
        assertThat(coins()).isEqualTo(1);
        assertThat(kit.epoch()).isEqualTo(3);
    }

    @Test
    void whoWaitsWhenItDiesDoesNotLearnTheOutcome() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var waits = kit.at("ann").begin(jar -> {
            begun.countDown();
            awaited(end);
            return jar.put(1);
        });
        var behind = kit.at("ann").begin(jar -> jar.put(2));
        begun.await();

        kit.crash();
        end.countDown();

        assertThatThrownBy(waits::join).hasCauseInstanceOf(OutcomeUnknown.class);
        assertThatThrownBy(behind::join).hasCauseInstanceOf(OutcomeUnknown.class);
        assertThat(coins()).as("the dead write nothing").isZero();
    }

    @Test
    void aKeyThatTheTestKeepsBusyKeepsNoOtherWaiting() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var waits = kit.at("joe").begin(jar -> {
            begun.countDown();
            awaited(end);
            return jar.put(1);
        });
        begun.await();

        assertThat(put(2)).isEqualTo(2);

        end.countDown();
        assertThat(waits.join()).isOne();
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void onceIsRememberedByTheNextOwner() {
        kit.crashAfterNextCommit();
        assertThatThrownBy(() -> put(new Coins(3), TONIGHT)).isInstanceOf(OutcomeUnknown.class);

        assertThat(put(new Coins(3), TONIGHT)).isEqualTo(new Effect<>(new Coins(3), true));
        assertThatThrownBy(() -> put(new Coins(4), TONIGHT)).isInstanceOf(Rejection.class);
        assertThat(kit.rows(SAVE)).containsExactly(new Saved("ann", 3));
    }

    @Test
    void anAccidentBefallsWhatAnAlarmWritesAndNotItsBeingFired() {
        kit.at("ann").call(jar -> jar.later(5));
        kit.crashAfterNextCommit();

        kit.at("ann").fire("put", 5L);

        assertThat(kit.epoch()).isEqualTo(2);
        assertThat(kit.at("ann").alarm("put", 5L)).isEmpty();
        kit.passTime(HOUR);
        assertThat(coins()).isEqualTo(5);
    }

    @Test
    void anAlarmWhoseCommitDiedFiresAtTheNextOwner() {
        kit.at("ann").call(jar -> jar.later(5));
        kit.crashBeforeNextCommit();

        kit.passTime(HOUR);

        assertThat(kit.rows(SAVE)).containsExactly(new Saved("ann", 5));
        assertThat(kit.epoch()).isEqualTo(2);
    }

    @Test
    void allAlarmsFireThatAreDueOfAKeyThatIsNotInMemory() {
        kit.at("ann").call(jar -> jar.later(1));
        kit.at("ann").call(jar -> jar.later(2));
        kit.at("joe").call(jar -> jar.later(3));
        kit.passivate();

        kit.passTime(HOUR);

        assertThat(shelf.jars).isEqualTo(Map.of("ann", 3, "joe", 3));
    }

    @Test
    void timePassesThoughAnAlarmCannotFire() {
        kit.at("ann").call(jar -> jar.later(1));
        kit.passivate();
        shelf.isAway = true;

        kit.passTime(HOUR.plusMinutes(1));
        assertThat(kit.rows()).isEmpty();

        shelf.isAway = false;
        kit.passTime(Duration.ofSeconds(10));
        assertThat(shelf.jars).isEqualTo(Map.of("ann", 1));
    }

    @Test
    void whatIsLiveIsLoadedAfterAMove() {
        put(4);
        assertThat(kit.gauge("coins")).isEqualTo(4);

        kit.move();

        assertThat(kit.inMemory()).isOne();
        assertThat(kit.gauge("coins")).isEqualTo(4);
        kit.crash();
        assertThat(kit.gauge("coins")).isZero();
    }

    @Test
    void whatCannotBeHandedAlongIsTold() {
        kit.at("ann").call(Jar::unkeepable);

        assertThatThrownBy(kit::move).hasMessageContaining("@Drain");
        assertThat(kit.epoch()).isEqualTo(2);
    }

    @Test
    void commitsAreKeptTurnByTurnAndByStatement() {
        put(1);
        kit.at("ann").call(jar -> jar.put(2) + jar.clear());
        kit.at("ann").call(jar -> jar.later(1));

        assertThat(kit.commits())
                .containsExactly(List.of(new Saved("ann", 1)), List.of(new Saved("ann", 3), new Saved("ann", 0)));
        assertThat(kit.rows(CLEAR)).containsExactly(new Saved("ann", 0));
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void aRowThatDoesNotFitItsStatementIsRefused() {
        assertThatThrownBy(() -> kit.at("ann").run(jar -> jar.writes.add((Statement) SAVE, new Unfit("ann"))))
                .isInstanceOf(WriteFailed.class)
                .hasMessageStartingWith("22023");
    }

    @Test
    void aListenerThatFailsIsTold() {
        assertThatThrownBy(() -> put(13))
                .hasMessageContaining("what listens to commits of Saved[jar=ann, coins=13] has failed")
                .hasRootCauseMessage("superstitious");
    }

    @Test
    void oneClassAsksAnother() {
        assertThat(kit.at("ann").call(Jar::inPurse)).isEqualTo(7);
        int asked = kit.at(Purse.class, "ann").call(purse -> purse.coins);
        assertThat(asked).isEqualTo(7);
        assertThatThrownBy(() -> kit.at(Shelf.class, "ann")).hasMessageContaining("does not know Shelf");
        assertThatThrownBy(() -> TestKit.of(Jar.class).with(Shelf.class, shelf).start())
                .hasMessageContaining("Jar.purses wants plumb.Keyed<")
                .hasMessageContaining(".and(");
    }
}

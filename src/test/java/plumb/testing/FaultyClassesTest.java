package plumb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.Drain;
import plumb.Key;
import plumb.OutcomeUnknown;
import plumb.PerKey;
import plumb.Rejection;
import plumb.Restore;
import plumb.Statement;
import plumb.WriteFailed;
import plumb.Writes;

/// Mistakes that a test with the kit finds: each of these classes has one.
@Timeout(60)
class FaultyClassesTest {
    public record Kept(String courier) {}

    record Saved(String key, int total) {}

    private static final Statement<Saved> SAVE = Statement.of(Saved.class, "insert into total values (:key, :total)");

    /// What the database has.
    static final class Table {
        final Map<String, Integer> totals = new ConcurrentHashMap<>();
        /// Is no handler's, so nobody takes back what was put in for a request that failed.
        final Map<String, Integer> cache = new ConcurrentHashMap<>();

        void save(Saved row) {
            totals.put(row.key(), row.total());
        }
    }

    @PerKey(domain = "faulty")
    static class Faulty {
        @Inject
        @Key
        String key;

        @Inject
        Writes writes;

        @Inject
        Table table;

        int total;
        String courier = "";
        String tip = "";

        @PostConstruct
        void load() {
            total = table.totals.getOrDefault(key, 0);
        }

        /// Changes memory, and then says no.
        int addTooEarly(int amount) {
            total += amount;
            if (total > 10) throw new Rejection(409, "too-much", "Ten at most.");
            writes.add(SAVE, new Saved(key, total));
            return total;
        }

        /// Puts it where it outlives the state.
        int addIntoCache(int amount) {
            int sum = table.cache.merge(key, amount, Integer::sum);
            writes.add(SAVE, new Saved(key, sum));
            return sum;
        }

        /// Whoever gets no answer asks again, and it counts twice.
        int addWithoutOnce(int amount) {
            writes.add(SAVE, new Saved(key, total + amount));
            return total += amount;
        }

        /// Forgets the tip.
        @Drain
        Kept keep() {
            return new Kept(courier);
        }

        @Restore
        void restore(Kept kept) {
            courier = kept.courier();
        }
    }

    private final Table table = new Table();
    private final TestKit<Faulty> kit = TestKit.of(Faulty.class)
            .with(Table.class, table)
            .onCommit(Saved.class, table::save)
            .start();

    @AfterEach
    void end() {
        kit.close();
    }

    private int total() {
        return kit.at("ann").call(faulty -> faulty.total);
    }

    @Test
    void memoryThatWasChangedBeforeARequestSaidNoIsNotWhatTheDatabaseHas() {
        kit.at("ann").call(faulty -> faulty.addTooEarly(7));
        assertThatThrownBy(() -> kit.at("ann").call(faulty -> faulty.addTooEarly(7)))
                .isInstanceOf(Rejection.class);

        int inMemory = total();
        kit.passivate();

        assertThat(inMemory).isEqualTo(14).isNotEqualTo(total());
    }

    @Test
    void memoryThatOutlivesTheStateIsAheadOfAWriteThatFailed() {
        kit.refuseNextCommit();
        assertThatThrownBy(() -> kit.at("ann").call(faulty -> faulty.addIntoCache(7)))
                .isInstanceOf(WriteFailed.class);

        int sum = kit.at("ann").call(faulty -> faulty.addIntoCache(1));
        assertThat(sum).isEqualTo(8);
        assertThat(kit.commits()).hasSize(1);
    }

    @Test
    void whatDrainForgetsIsGoneAfterAMove() {
        kit.at("ann").run(faulty -> {
            faulty.courier = "at the corner";
            faulty.tip = "generous";
        });

        kit.move();

        String courier = kit.at("ann").call(faulty -> faulty.courier);
        String tip = kit.at("ann").call(faulty -> faulty.tip);
        assertThat(courier).isEqualTo("at the corner");
        assertThat(tip).isEmpty();
    }

    @Test
    void anEffectWithoutOnceHappensTwiceIfItsAnswerIsLost() {
        kit.crashAfterNextCommit();
        assertThatThrownBy(() -> kit.at("ann").call(faulty -> faulty.addWithoutOnce(5)))
                .isInstanceOf(OutcomeUnknown.class);

        kit.at("ann").call(faulty -> faulty.addWithoutOnce(5));

        assertThat(total()).isEqualTo(10);
    }
}

package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static usualpizza.UsualFixture.rejected;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.Overloaded;
import plumb.Rehearsal;
import plumb.Rejection;

@Timeout(60)
class PantryTest {
    private static final List<String> TRUFFLE = List.of("truffle");
    private static final int INSTANCES = 4;
    private static final int THREADS = 16;
    private static final int DELIVERED = 5_000;

    private final StockTwin stock = new StockTwin().with("truffle", 12).with("tomato", 1_000_000);
    private final Pantry pantry = pantry();

    @Test
    void anOrderCostsTheStoreRoomNothingWhileTheTrayIsFull() {
        for (int i = 0; i < Tray.SIZE; i++) pantry.take(List.of("tomato"));
        assertThat(stock.visits()).isEqualTo(1);

        pantry.take(List.of("tomato"));

        assertThat(stock.visits()).isEqualTo(2);
        assertThat(stock.of("tomato")).isEqualTo(1_000_000 - 2 * Tray.SIZE);
    }

    @Test
    void aRehearsalTakesNothing() {
        pantry.rehearse(new Rehearsal());
        pantry.close(this);

        assertThat(stock.of("truffle")).isEqualTo(12);
        assertThat(stock.of("tomato")).isEqualTo(1_000_000);
    }

    @Test
    void everyPortionIsSoldAndThenItSaysWhatIsMissing() {
        for (int i = 0; i < 12; i++) pantry.take(TRUFFLE);

        Rejection said = rejected(409, () -> pantry.take(List.of("tomato", "truffle")));

        assertThat(said.type()).isEqualTo("sold-out");
        assertThat(said).hasMessageContaining("truffle");
        assertThat(said.getMessage()).doesNotContain("tomato");
    }

    @Test
    void whatIsScarceIsSharedWithTheOthers() {
        pantry.take(TRUFFLE);

        assertThat(stock.of("truffle")).isEqualTo(9);
    }

    @Test
    void aDoublePortionTakesTwoAndLeavesASingleOneToOthers() {
        for (int i = 0; i < 5; i++) pantry.take(List.of("truffle", "truffle"));
        pantry.take(TRUFFLE);

        rejected(409, () -> pantry.take(List.of("truffle", "truffle")));
        pantry.take(TRUFFLE);
        rejected(409, () -> pantry.take(TRUFFLE));
    }

    @Test
    void anOrderThatCannotBeMadeTakesNothing() {
        for (int i = 0; i < 12; i++) pantry.take(TRUFFLE);
        for (int i = 0; i < 100; i++) rejected(409, () -> pantry.take(List.of("tomato", "tomato", "truffle")));
        pantry.close(this);

        assertThat(stock.of("tomato")).isEqualTo(1_000_000);
    }

    @Test
    void whatIsGivenBackIsSoldAgain() {
        for (int i = 0; i < 12; i++) pantry.take(TRUFFLE);
        pantry.giveBack(TRUFFLE);

        pantry.take(TRUFFLE);
        rejected(409, () -> pantry.take(TRUFFLE));
    }

    @Test
    void aCancelledOrderGivesBackWhatNobodyHasTouched() {
        for (int i = 0; i < 12; i++) pantry.take(TRUFFLE);
        for (Stage stage : Stage.values()) pantry.cancelled(truffles().at(stage, Instant.EPOCH));

        pantry.take(TRUFFLE);
        rejected(409, () -> pantry.take(TRUFFLE));
    }

    @Test
    void aStoppedInstancePutsBackWhatIsLeft() {
        pantry.take(List.of("tomato", "truffle"));
        pantry.close(this);
        pantry.close(this);

        assertThat(stock.of("tomato")).isEqualTo(999_999);
        assertThat(stock.of("truffle")).isEqualTo(11);
    }

    @Test
    void whileTheStoreRoomIsAwayWhatIsOnTheTraysIsSold() {
        pantry.take(List.of("tomato"));
        stock.away(true);
        pantry.take(List.of("tomato"));

        assertThatThrownBy(() -> pantry.take(List.of("tomato", "truffle"))).isInstanceOf(Overloaded.class);
        pantry.close(this);

        stock.away(false);
        pantry.take(TRUFFLE);
        assertThat(stock.of("truffle")).isEqualTo(9);
    }

    /// Orders that fail give back, and one instance in the end is thrown away with what it has.
    @Test
    void neverMoreIsSoldThanWasDelivered() throws Exception {
        long seed = System.nanoTime();
        stock.with("truffle", DELIVERED);
        List<Pantry> pantries =
                IntStream.range(0, INSTANCES).mapToObj(instance -> pantry()).toList();

        int sold = sellEverything(pantries, new SplittableRandom(seed));
        assertThat(sold).as("seed " + seed).isBetween(DELIVERED - INSTANCES * 2, DELIVERED);
        for (Pantry each : pantries) while (takes(each, 1)) sold++;
        assertThat(sold).as("seed " + seed).isEqualTo(DELIVERED);
        assertThat(stock.of("truffle")).isZero();
    }

    @Test
    void whatACrashThrowsAwayIsNeverSold() throws Exception {
        stock.with("truffle", DELIVERED);
        Pantry crashing = pantry();
        crashing.take(TRUFFLE);
        int lost = DELIVERED - stock.of("truffle") - 1;

        int sold = 1 + sellEverything(List.of(pantry(), pantry()), new SplittableRandom(1));

        assertThat(sold).isBetween(DELIVERED - lost - 4, DELIVERED - lost);
    }

    /// Each thread goes on until it gets nothing more, three portions at most, wherever it asks.
    private static int sellEverything(List<Pantry> pantries, SplittableRandom random) throws Exception {
        var threads = new ArrayList<Future<Integer>>();
        try (var pool = Executors.newFixedThreadPool(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                Pantry pantry = pantries.get(i % pantries.size());
                SplittableRandom own = random.split();
                threads.add(pool.submit(() -> sell(pantry, own)));
            }
        }
        return threads.stream().mapToInt(PantryTest::result).sum();
    }

    private static int sell(Pantry pantry, SplittableRandom random) {
        int sold = 0;
        for (int wanted = 3; wanted > 0; ) {
            if (!takes(pantry, wanted)) wanted--;
            else if (random.nextInt(4) == 0) pantry.giveBack(Collections.nCopies(wanted, "truffle"));
            else sold += wanted;
        }
        return sold;
    }

    private static boolean takes(Pantry pantry, int portions) {
        try {
            pantry.take(Collections.nCopies(portions, "truffle"));
            return true;
        } catch (Rejection e) {
            assertThat(e.type()).isEqualTo("sold-out");
            return false;
        }
    }

    private static int result(Future<Integer> sold) {
        try {
            return sold.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static Ticket truffles() {
        Order order = ArchiveTwin.order(1);
        return Ticket.placed(new Order(
                order.id(),
                1,
                order.requestId(),
                order.fingerprint(),
                order.address(),
                order.pizza(),
                TRUFFLE,
                order.price(),
                order.placedAt(),
                order.expectedAt()));
    }

    private Pantry pantry() {
        var made = new Pantry();
        made.stock = stock;
        return made;
    }
}

package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import plumb.LiveTotal;

class KitchenTest {
    private Instant now = Instant.EPOCH;
    private final List<CompletableFuture<LiveTotal>> asked = new ArrayList<>();
    private final Kitchen kitchen = kitchen();

    @Test
    void itTakesLongerTheMorePizzasAreBeingMadeButNeverLongerThanAnybodyWouldWait() {
        var minutes = new TreeMap<>(Map.of(
                0L,
                20L,
                7L,
                20L,
                8L,
                25L,
                15L,
                25L,
                16L,
                30L,
                111L,
                85L,
                112L,
                90L,
                1_000_000L,
                90L,
                Long.MAX_VALUE,
                90L,
                -1L,
                20L));
        minutes.forEach((pizzas, expected) -> {
            knows(pizzas);
            assertThat(waiting()).as(pizzas + " pizzas").isEqualTo(Duration.ofMinutes(expected));
        });
    }

    @Test
    void whoBakesSlowlyByHimselfIsNotMadeFaster() {
        kitchen.preparation = Duration.ofHours(2);
        knows(1_000);

        assertThat(waiting()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void nobodyWaitsForTheFigureAndOneAsksForAll() {
        assertThat(waiting()).isEqualTo(Duration.ofMinutes(20));
        waiting();
        assertThat(asked).hasSize(1);

        asked.getFirst().complete(new LiveTotal(16, true));
        assertThat(waiting()).isEqualTo(Duration.ofMinutes(30));
        assertThat(asked).hasSize(1);
    }

    @Test
    void itIsAskedForAgainWhenItIsOldAndMeanwhileTheLastOneDoes() {
        knows(8);
        now = now.plus(Kitchen.FRESH).minusMillis(1);
        waiting();
        assertThat(asked).hasSize(1);

        now = now.plusMillis(1);
        assertThat(waiting()).isEqualTo(Duration.ofMinutes(25));
        assertThat(asked).hasSize(2);
        asked.getLast().complete(new LiveTotal(0, false));
        assertThat(waiting()).isEqualTo(Duration.ofMinutes(20));
    }

    @Test
    void aClockSetBackDoesNotKeepAnOldFigureForever() {
        knows(8);
        now = now.minusSeconds(3600);
        waiting();

        assertThat(asked).hasSize(2);
    }

    @Test
    void theLastFigureStaysWhenNobodyAnswersAndIsNotAskedForWithEachOrder() {
        knows(8);
        now = now.plus(Kitchen.FRESH);
        waiting();
        asked.getLast().completeExceptionally(new IllegalStateException("away"));

        assertThat(waiting()).isEqualTo(Duration.ofMinutes(25));
        assertThat(asked).hasSize(2);
        now = now.plus(Kitchen.FRESH);
        waiting();
        assertThat(asked).hasSize(3);
    }

    @Test
    void anInstanceThatIsLeavingTakesOrdersAllTheSame() {
        kitchen.totals = gauge -> {
            throw new IllegalStateException("the plumbing is not running");
        };

        assertThat(waiting()).isEqualTo(Duration.ofMinutes(20));
    }

    @Test
    void wrongSettingsAreNamed() {
        kitchen.ovens = 0;
        assertThatThrownBy(() -> kitchen.open(this)).hasMessageContaining("usualpizza.ovens");
        kitchen.ovens = 1;
        kitchen.preparation = Duration.ofMinutes(-1);
        assertThatThrownBy(() -> kitchen.open(this)).hasMessageContaining("usualpizza.preparation");
    }

    private Duration waiting() {
        return Duration.between(now, kitchen.expectedAt(now));
    }

    private void knows(long pizzas) {
        now = now.plus(Kitchen.FRESH);
        waiting();
        asked.getLast().complete(new LiveTotal(pizzas, true));
    }

    private Kitchen kitchen() {
        var made = new Kitchen();
        made.time = () -> now;
        made.preparation = Duration.ofMinutes(20);
        made.ovens = 8;
        made.totals = gauge -> {
            assertThat(gauge).isEqualTo("pizzas_in_preparation");
            asked.add(new CompletableFuture<>());
            return asked.getLast();
        };
        return made;
    }
}

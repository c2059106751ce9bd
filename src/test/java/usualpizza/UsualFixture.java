package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import plumb.LiveTotal;
import plumb.Rejection;

/// One customer's handler, wired by hand.
final class UsualFixture {
    static final Instant NOW = Instant.parse("2026-03-01T18:00:00.123456789Z");
    static final Duration PREPARATION = Duration.ofMinutes(30);
    static final CustomerBody ANN = new CustomerBody(
            "Ann", new Address("Via Roma 1"), new Choice("margherita", List.of("tomato", "mozzarella", "basil")));

    final UUID id = UUID.fromString("0195a2f4-0000-4000-8000-000000000001");
    final RecordedWrites writes = new RecordedWrites();
    final RecordedUndo undo = new RecordedUndo();
    final RecordedAlarms alarms = new RecordedAlarms();
    final ArchiveTwin archive = new ArchiveTwin();
    final StockTwin stock = new StockTwin();
    final Pantry pantry = new Pantry();
    Instant now = NOW;
    long inPreparation;

    UsualFixture() {
        ArchiveTwin.MENU.ingredients().keySet().forEach(ingredient -> stock.with(ingredient, 1_000_000));
        pantry.stock = stock;
    }

    /// A handler as the engine would load it now.
    Usual load() {
        var card = new MenuCard();
        card.archive = archive;
        card.time = () -> now;
        var kitchen = new Kitchen();
        kitchen.preparation = PREPARATION;
        kitchen.ovens = 8;
        kitchen.totals = gauge -> CompletableFuture.completedStage(new LiveTotal(inPreparation, true));
        kitchen.time = () -> now;
        var usual = new Usual();
        usual.kitchen = kitchen;
        usual.pantry = pantry;
        usual.id = id;
        usual.writes = writes;
        usual.undo = undo;
        usual.alarms = alarms;
        usual.archive = archive;
        usual.card = card;
        usual.time = () -> now;
        usual.load();
        return usual;
    }

    /// The handler of a customer who is in the tables already.
    Usual loadAnn() {
        archive.customers.put(id, ANN.as(id, 1));
        return load();
    }

    static Rejection rejected(int status, ThrowingCallable call) {
        Rejection rejection = catchThrowableOfType(Rejection.class, call);
        assertThat(rejection).isNotNull();
        assertThat(rejection.status()).isEqualTo(status);
        return rejection;
    }
}

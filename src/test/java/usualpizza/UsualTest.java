package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;
import static usualpizza.UsualFixture.ANN;
import static usualpizza.UsualFixture.rejected;

import java.util.List;
import org.junit.jupiter.api.Test;
import plumb.RequestId;

class UsualTest {
    private final UsualFixture fixture = new UsualFixture();

    @Test
    void aCustomerIsCreatedAtVersionOneAndReadFromMemory() {
        Usual usual = fixture.load();

        Usual.Saved saved = usual.put(ANN, IfMatch.NONE);

        assertThat(saved.created()).isTrue();
        assertThat(usual.customer()).isEqualTo(ANN.as(fixture.id, 1)).isEqualTo(saved.customer());
        assertThat(fixture.writes.rows)
                .containsExactly(
                        new SaveCustomer(fixture.id, "Ann", "Via Roma 1", "margherita", "tomato,mozzarella,basil", 1));
    }

    @Test
    void aCustomerIsReplacedAtTheNextVersion() {
        Usual usual = fixture.loadAnn();

        Usual.Saved saved = usual.put(
                new CustomerBody("Ben", ANN.address(), new Choice("marinara", List.of("garlic"))), IfMatch.NONE);

        assertThat(saved.created()).isFalse();
        assertThat(saved.customer().version()).isEqualTo(2);
        assertThat(usual.customer().name()).isEqualTo("Ben");
        assertThat(fixture.writes.of(SaveCustomer.class)).hasSize(1);
    }

    @Test
    void whoIsUnknownIsNotFound() {
        Usual usual = fixture.load();

        rejected(404, usual::customer);
        rejected(404, () -> usual.move(new Address("x"), IfMatch.NONE));
        rejected(404, () -> usual.prefer(ANN.usual(), IfMatch.NONE));
        rejected(404, () -> usual.reorder(ReorderRequest.AS_USUAL, RequestId.ofClient("1")));
        rejected(404, () -> usual.ordersBefore(Long.MAX_VALUE, 10));
        assertThat(fixture.writes.rows).isEmpty();
    }

    @Test
    void addressAndUsualChangeAlone() {
        Usual usual = fixture.loadAnn();

        usual.move(new Address("Piazza 2"), IfMatch.NONE);
        usual.prefer(new Choice("marinara", List.of("garlic", "garlic")), IfMatch.NONE);

        assertThat(usual.customer())
                .isEqualTo(new Customer(
                        fixture.id,
                        "Ann",
                        new Address("Piazza 2"),
                        new Choice("marinara", List.of("garlic", "garlic")),
                        3));
        assertThat(fixture.writes.of(SaveCustomer.class))
                .extracting(SaveCustomer::version)
                .containsExactly(2L, 3L);
    }

    @Test
    void aChangeOfAnotherVersionIsRefusedAndChangesNothing() {
        Usual usual = fixture.loadAnn();
        IfMatch stale = IfMatch.of(List.of("\"7\""));

        rejected(412, () -> usual.move(new Address("x"), stale));
        rejected(412, () -> usual.prefer(ANN.usual(), stale));
        rejected(412, () -> usual.put(ANN, stale));

        assertThat(usual.customer()).isEqualTo(ANN.as(fixture.id, 1));
        assertThat(fixture.writes.rows).isEmpty();
        assertThat(usual.move(new Address("x"), IfMatch.of(List.of("\"1\""))).version())
                .isEqualTo(2);
    }

    @Test
    void whatMustExistIsNotCreated() {
        Usual usual = fixture.load();

        rejected(412, () -> usual.put(ANN, IfMatch.of(List.of("*"))));

        assertThat(fixture.writes.rows).isEmpty();
    }

    @Test
    void whatIsNotOnTheMenuIsRefusedByItsPointerBeforeAnyWrite() {
        Usual usual = fixture.loadAnn();

        assertThat(rejected(422, () -> usual.prefer(new Choice("hawaii", List.of("tomato")), IfMatch.NONE)))
                .hasMessageStartingWith("#/pizza: ")
                .hasMessageContaining("hawaii");
        var spoiled = new Choice("margherita", List.of("tomato", "pineapple"));
        assertThat(rejected(422, () -> usual.put(new CustomerBody("Ben", ANN.address(), spoiled), IfMatch.NONE)))
                .hasMessageStartingWith("#/usual/ingredients/1: ");

        assertThat(usual.customer()).isEqualTo(ANN.as(fixture.id, 1));
        assertThat(fixture.writes.rows).isEmpty();
    }
}

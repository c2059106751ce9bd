package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;
import static usualpizza.UsualFixture.rejected;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void withoutParametersItIsTheNewestFifty() {
        assertThat(Page.of(null, null)).isEqualTo(new Page(50, Long.MAX_VALUE));
    }

    @Test
    void parametersOutOfBoundsAreNamed() {
        for (String wrong : List.of("0", "201", "-1", "many", "", "99999999999999999999"))
            assertThat(rejected(400, () -> Page.of(wrong, null))).hasMessageStartingWith("limit: ");
        for (String wrong : List.of("0", "-1", "x", ""))
            assertThat(rejected(400, () -> Page.of(null, wrong))).hasMessageStartingWith("after: ");
    }

    @Test
    void oneMoreThanShownTellsThatThereIsANextPage() {
        Page page = Page.of("2", "9");
        List<Ticket> three =
                LongStream.of(8, 7, 6).mapToObj(ArchiveTwin::ticket).toList();

        assertThat(page.toRead()).isEqualTo(3);
        assertThat(page.shown(three)).extracting(Ticket::seq).containsExactly(8L, 7L);
        assertThat(page.next(three)).hasValue(7);
        assertThat(page.shown(three.subList(0, 2))).hasSize(2);
        assertThat(page.next(three.subList(0, 2))).isEmpty();
    }

    @Test
    void anOrdersIdIsAWholeUuid() {
        assertThat(OrderView.id("0195A2F4-0000-4000-8000-000000000001"))
                .hasToString("0195a2f4-0000-4000-8000-000000000001");
        for (String wrong : List.of("1-1-1-1-1", "live", "0195a2f4-0000-4000-8000-00000000000x"))
            assertThat(rejected(400, () -> OrderView.id(wrong))).hasMessageStartingWith("order: ");
    }
}

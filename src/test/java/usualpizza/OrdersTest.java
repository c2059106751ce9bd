package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private static final UUID CUSTOMER = new UUID(1, 1);

    private final ArchiveTwin archive = new ArchiveTwin();

    @Test
    void whoHasFewOrdersIsReadOnceAndThenServedFromMemory() {
        archive.hasOrders(3);
        Orders orders = Orders.load(CUSTOMER, archive);

        assertThat(seqs(orders.before(Long.MAX_VALUE, 10))).containsExactly(3L, 2L, 1L);
        assertThat(orders.order(new UUID(0, 99))).isNull();
        assertThat(orders.ofRequest("client:99")).isNull();
        assertThat(archive.queries).isEqualTo(1);
    }

    @Test
    void everyPageSizeLeadsOnceThroughAllOrdersInMemoryAndOlder() {
        int all = Orders.LOADED + 37;
        archive.hasOrders(all);
        Orders orders = Orders.load(CUSTOMER, archive);

        for (int limit : new int[] {1, 7, 50, Orders.LOADED, Orders.LOADED + 1, all, all + 1}) {
            var seen = new ArrayList<Long>();
            long before = Long.MAX_VALUE;
            while (before > 1) {
                List<Order> page = orders.before(before, limit);
                assertThat(page).hasSizeBetween(1, limit);
                seen.addAll(seqs(page));
                before = page.getLast().seq();
            }
            assertThat(seen).isEqualTo(descending(all));
        }
    }

    @Test
    void olderOrdersAreFoundByTheirId() {
        archive.hasOrders(Orders.LOADED + 1);
        Orders orders = Orders.load(CUSTOMER, archive);

        assertThat(orders.order(new UUID(0, 1))).isEqualTo(ArchiveTwin.order(1));
        assertThat(orders.order(new UUID(0, 2))).isEqualTo(ArchiveTwin.order(2));
        assertThat(orders.order(new UUID(0, 999))).isNull();
    }

    @Test
    void onlyAClientsOwnRequestIdIsLookedUpAmongOlderOrders() {
        archive.hasOrders(Orders.LOADED + 1);
        Orders orders = Orders.load(CUSTOMER, archive);
        int queries = archive.queries;

        orders.ofRequest("minted:1");
        assertThat(archive.queries).isEqualTo(queries);

        assertThat(orders.ofRequest("client:1")).isEqualTo(ArchiveTwin.order(1));
        assertThat(archive.queries).isEqualTo(queries + 1);
    }

    @Test
    void memoryIsBoundedAndWhatLeftItIsReadFromTheTables() {
        Orders orders = new Orders(CUSTOMER, archive);
        int all = Orders.KEPT + 5;
        for (long seq = 1; seq <= all; seq++) orders.add(ArchiveTwin.order(seq));

        assertThat(orders.order(new UUID(0, 5))).isNull();
        assertThat(orders.order(new UUID(0, 6))).isNotNull();
        assertThat(orders.ofRequest("client:5")).isNull();

        archive.hasOrders(all);
        assertThat(orders.order(new UUID(0, 5))).isNotNull();
        assertThat(seqs(orders.before(Long.MAX_VALUE, all))).isEqualTo(descending(all));
        assertThat(orders.nextSeq()).isEqualTo(all + 1);
    }

    private static List<Long> seqs(List<Order> orders) {
        return orders.stream().map(Order::seq).toList();
    }

    private static List<Long> descending(int from) {
        return LongStream.rangeClosed(1, from).map(i -> from + 1 - i).boxed().toList();
    }
}

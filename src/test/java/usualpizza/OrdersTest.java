package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import plumb.Effect;
import plumb.Fingerprint;
import plumb.RequestId;

class OrdersTest {
    private static final UUID CUSTOMER = new UUID(1, 1);

    private final ArchiveTwin archive = new ArchiveTwin();
    private final RecordedUndo undo = new RecordedUndo();

    @Test
    void whoHasFewOrdersIsReadOnceAndThenServedFromMemory() {
        archive.hasOrders(3);
        Orders orders = Orders.load(CUSTOMER, archive, undo);

        assertThat(seqs(orders.before(Long.MAX_VALUE, 10))).containsExactly(3L, 2L, 1L);
        assertThat(orders.ticket(new UUID(0, 99))).isNull();
        assertThat(placed(orders, RequestId.ofClient("99"), 4)).isEqualTo(new Effect<>(new UUID(0, 4), false));
        assertThat(archive.queries).isEqualTo(1);
    }

    @Test
    void everyPageSizeLeadsOnceThroughAllOrdersInMemoryAndOlder() {
        int all = Orders.LOADED + 37;
        archive.hasOrders(all);
        Orders orders = Orders.load(CUSTOMER, archive, undo);

        for (int limit : new int[] {1, 7, 50, Orders.LOADED, Orders.LOADED + 1, all, all + 1}) {
            var seen = new ArrayList<Long>();
            long before = Long.MAX_VALUE;
            while (before > 1) {
                List<Ticket> page = orders.before(before, limit);
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
        Orders orders = Orders.load(CUSTOMER, archive, undo);

        assertThat(orders.ticket(new UUID(0, 1))).isEqualTo(ArchiveTwin.ticket(1));
        assertThat(orders.ticket(new UUID(0, 2))).isEqualTo(ArchiveTwin.ticket(2));
        assertThat(orders.ticket(new UUID(0, 999))).isNull();
    }

    @Test
    void onlyAClientsOwnRequestIdIsLookedUpAmongOlderOrders() {
        archive.hasOrders(Orders.LOADED + 1);
        Orders orders = Orders.load(CUSTOMER, archive, undo);
        int queries = archive.queries;

        placed(orders, RequestId.minted(), Orders.LOADED + 2);
        assertThat(archive.queries).isEqualTo(queries);

        assertThat(placed(orders, RequestId.ofClient("1"), 999)).isEqualTo(new Effect<>(new UUID(0, 1), true));
        assertThat(archive.queries).isEqualTo(queries + 1);
    }

    @Test
    void memoryIsBoundedAndWhatLeftItIsReadFromTheTables() {
        Orders orders = new Orders(CUSTOMER, archive, undo);
        int all = Orders.KEPT + 5;
        for (long seq = 1; seq <= all; seq++) placed(orders, RequestId.ofClient(Long.toString(seq)), seq);

        assertThat(orders.ticket(new UUID(0, 5))).isNull();
        assertThat(orders.ticket(new UUID(0, 6))).isNotNull();

        archive.hasOrders(all);
        assertThat(placed(orders, RequestId.ofClient("5"), 999)).isEqualTo(new Effect<>(new UUID(0, 5), true));
        assertThat(orders.ticket(new UUID(0, 5))).isNotNull();
        assertThat(seqs(orders.before(Long.MAX_VALUE, all))).isEqualTo(descending(all));
        assertThat(orders.nextSeq()).isEqualTo(all + 1);
    }

    @Test
    void anOrderThatIsTakenBackWasNeverThere() {
        Orders orders = new Orders(CUSTOMER, archive, undo);
        for (long seq = 1; seq <= Orders.KEPT; seq++) placed(orders, RequestId.ofClient(Long.toString(seq)), seq);
        List<Ticket> before = orders.open();
        int inKitchen = orders.inKitchen();
        undo.begin();

        placed(orders, RequestId.ofClient("one-too-many"), Orders.KEPT + 1);
        undo.takeBack();

        assertThat(orders.open()).isEqualTo(before);
        assertThat(orders.inKitchen()).isEqualTo(inKitchen);
        assertThat(orders.nextSeq()).isEqualTo(Orders.KEPT + 1);
        assertThat(placed(orders, RequestId.ofClient("one-too-many"), Orders.KEPT + 1)
                        .repeated())
                .isFalse();
    }

    /// The tables do not have it before the turn ends.
    @Test
    void whatWasChangedIsKnownThoughItsOrderIsTooOldForMemory() {
        archive.hasOrders(Orders.KEPT + 5);
        Orders orders = Orders.load(CUSTOMER, archive, undo);
        for (long seq : new long[] {1, 2}) orders.change(ArchiveTwin.ticket(seq).at(Stage.PREPARING, Instant.EPOCH));

        assertThat(orders.ticket(new UUID(0, 2)).stage()).isEqualTo(Stage.PREPARING);
        assertThat(orders.before(4, 3))
                .extracting(Ticket::stage)
                .containsExactly(Stage.PLACED, Stage.PREPARING, Stage.PREPARING);
    }

    @Test
    void whatWasChangedIsKnownThoughMemoryDropsItInTheSameTurn() {
        Orders orders = new Orders(CUSTOMER, archive, undo);
        for (long seq = 1; seq <= Orders.KEPT; seq++) placed(orders, RequestId.ofClient(Long.toString(seq)), seq);
        orders.change(ArchiveTwin.ticket(1).at(Stage.PREPARING, Instant.EPOCH));
        placed(orders, RequestId.ofClient("next"), Orders.KEPT + 1);

        assertThat(orders.ticket(new UUID(0, 1)).stage()).isEqualTo(Stage.PREPARING);
        assertThat(orders.inKitchen()).isEqualTo(Orders.KEPT);
    }

    /// By that request, unless it has placed one.
    private static Effect<UUID> placed(Orders orders, RequestId request, long seq) {
        return orders.once(request, Fingerprint.of(ReorderRequest.AS_USUAL), () -> ArchiveTwin.order(seq));
    }

    private static List<Long> seqs(List<Ticket> orders) {
        return orders.stream().map(Ticket::seq).toList();
    }

    private static List<Long> descending(int from) {
        return LongStream.rangeClosed(1, from).map(i -> from + 1 - i).boxed().toList();
    }
}

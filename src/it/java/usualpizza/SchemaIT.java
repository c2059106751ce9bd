package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.Fingerprint;
import plumb.RequestId;
import plumb.Statement;
import plumb.postgres.Connections;
import plumb.postgres.Migrations;
import plumb.postgres.PostgresSettings;
import plumb.testsupport.DurablePostgres;

@Timeout(60)
class SchemaIT {
    private static final String DATABASE = "usualpizza_schema";
    private static final CustomerBody ANN = new CustomerBody(
            "Ann", new Address("Via Roma 1"), new Choice("margherita", List.of("tomato", "mozzarella", "basil")));

    private final UUID customer = UUID.randomUUID();
    private final Connection connection;

    SchemaIT() throws SQLException {
        connection = DurablePostgres.shared().connect(DATABASE);
    }

    @BeforeAll
    static void migrate() {
        String url = DurablePostgres.shared().createDatabase(DATABASE);
        new Migrations(
                        new Connections(PostgresSettings.of(url, DurablePostgres.USER, "")),
                        SchemaIT.class.getClassLoader(),
                        List.of("plumb", "usualpizza"))
                .run();
    }

    @BeforeEach
    void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void theMenuHasAMargheritaAndEveryPizzaHasIngredientsInOrder() throws SQLException {
        assertThat(text("""
                select string_agg(ingredient, ',' order by position) from usualpizza.pizza_ingredient
                where pizza = 'margherita'""")).isEqualTo("tomato,mozzarella,basil");
        assertThat(text("select count(*) > 5 from usualpizza.pizza")).isEqualTo("t");
        assertThat(text("""
                select count(*) from usualpizza.pizza p left join
                    (select pizza, min(position) as low, max(position) as high, count(*) as n
                     from usualpizza.pizza_ingredient group by pizza) i on i.pizza = p.name
                where i.pizza is null or low <> 0 or high <> n - 1""")).isEqualTo("0");
    }

    @Test
    void aCustomerIsInsertedAndReplacedByTheSameStatement() throws SQLException {
        write(SaveCustomer.STATEMENT, SaveCustomer.of(ANN.as(customer, 1)));
        write(SaveCustomer.STATEMENT, SaveCustomer.of(ANN.as(customer, 1).at(new Address("Piazza 2"))));

        assertThat(text("""
                select concat_ws(' ', name, address_line, usual_pizza, usual_ingredients, version, range_id, epoch)
                from usualpizza.customer where customer_id = '%s'""".formatted(customer))).isEqualTo("Ann Piazza 2 margherita tomato,mozzarella,basil 2 7 9");
    }

    @Test
    void anOrderKeepsAllThatItWasPlacedWith() throws SQLException {
        write(InsertOrder.STATEMENT, InsertOrder.of(customer, order(1, "client:a")));

        assertThat(text("""
                select concat_ws(' ', seq, request_id, fingerprint, address_line, pizza, ingredients, price,
                    placed_at at time zone 'UTC', expected_at - placed_at, range_id, epoch)
                from usualpizza.customer_order where customer_id = '%s'""".formatted(customer)))
                .isEqualTo("1 client:a f Via Roma 1 margherita tomato,basil 6.50 2026-03-01 18:00:00.123 00:30:00 7 9");
    }

    @Test
    void aSecondOrderOfOneRequestIsRefused() throws SQLException {
        write(InsertOrder.STATEMENT, InsertOrder.of(customer, order(1, "client:a")));

        assertThatThrownBy(() -> write(InsertOrder.STATEMENT, InsertOrder.of(customer, order(2, "client:a"))))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
    }

    @Test
    void twoOrdersOfOneNumberAreRefused() throws SQLException {
        write(InsertOrder.STATEMENT, InsertOrder.of(customer, order(1, "client:a")));

        assertThatThrownBy(() -> write(InsertOrder.STATEMENT, InsertOrder.of(customer, order(1, "client:b"))))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
    }

    @Test
    void theAuditFindsAHoleInACustomersOrders() throws SQLException {
        for (int seq : new int[] {1, 2, 4})
            write(InsertOrder.STATEMENT, InsertOrder.of(customer, order(seq, "client:" + seq)));
        String holes = "select string_agg(subject || ' ' || detail, ',') from plumb.violations('%s')"
                + " where rule = 'order-sequence'";

        assertThat(text(holes.formatted("2026-03-01"))).isEqualTo(customer + " order 4 has none before it");
        assertThat(text(holes.formatted("2026-03-02"))).as("nothing is new").isEqualTo("null");
    }

    @Test
    void anOrderIsWhereItsFurthestEventIs() throws SQLException {
        Order order = order(1, "client:a");
        write(InsertOrder.STATEMENT, InsertOrder.of(customer, order));
        assertThat(now(order)).isEqualTo("PLACED 2026-03-01 18:00:00.123 f");

        Ticket ticket = Ticket.placed(order);
        for (Stage stage : new Stage[] {Stage.BAKED, Stage.PREPARING}) // whatever order they are found in
        write(InsertEvent.STATEMENT, InsertEvent.of(customer, ticket.at(stage, at(stage))));
        assertThat(now(order)).isEqualTo("BAKED 2026-03-01 18:02:00.123 f");

        write(Escalate.STATEMENT, Escalate.of(customer, order, order.expectedAt()));
        assertThat(now(order)).isEqualTo("BAKED 2026-03-01 18:02:00.123 t");
        assertThat(now(order(2, "client:b"))).isEqualTo("null");
    }

    private static Instant at(Stage stage) {
        return Instant.parse("2026-03-01T18:00:00.123Z").plusSeconds(60L * stage.ordinal());
    }

    private String now(Order order) throws SQLException {
        return text("select (select concat_ws(' ', stage, since at time zone 'UTC', late) from usualpizza.order_now"
                + " where order_id = '" + order.id() + "')");
    }

    @Test
    void theSameEventTwiceIsRefused() throws SQLException {
        Ticket baked = Ticket.placed(order(1, "client:a")).at(Stage.BAKED, at(Stage.BAKED));
        write(InsertEvent.STATEMENT, InsertEvent.of(customer, baked));

        assertThatThrownBy(() -> write(InsertEvent.STATEMENT, InsertEvent.of(customer, baked)))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
    }

    @Test
    void aLateOrderIsToldOnce() throws SQLException {
        Escalate late = Escalate.of(customer, order(1, "client:a"), Instant.parse("2026-03-01T18:30:00Z"));

        assertThat(rows(Escalate.STATEMENT, late)).isEqualTo(1);
        assertThat(rows(Escalate.STATEMENT, late)).isZero();
    }

    @Test
    void theAuditFindsStepsThatCannotBe() throws SQLException {
        String query = text("select query from plumb.audit_query where name = 'order-steps'")
                .replace("$1", "'-infinity'");
        List<List<Stage>> lives = List.of(
                List.of(Stage.PREPARING, Stage.BAKED, Stage.OUT, Stage.DELIVERED),
                List.of(Stage.CANCELLED),
                List.of(Stage.PREPARING, Stage.CANCELLED),
                List.of(Stage.PREPARING, Stage.OUT),
                List.of(Stage.PREPARING, Stage.BAKED, Stage.CANCELLED));
        for (List<Stage> life : lives) {
            Ticket ticket = Ticket.placed(order(1, "client:a"));
            for (Stage stage : life)
                write(InsertEvent.STATEMENT, InsertEvent.of(customer, ticket.at(stage, at(stage))));
        }

        assertThat(text("select string_agg(detail, '; ' order by detail) from (" + query + ") q"))
                .isEqualTo("PREPARING, BAKED, CANCELLED; PREPARING, OUT");
    }

    @Test
    void onlyTrufflesAreRare() throws SQLException {
        assertThat(text("select string_agg(name, ',') from usualpizza.ingredient where stock < 1000000"))
                .isEqualTo("truffle");
    }

    private static Order order(long seq, String requestId) {
        Instant placed = Instant.parse("2026-03-01T18:00:00.123Z");
        return new Order(
                UUID.randomUUID(),
                seq,
                new RequestId(requestId),
                new Fingerprint("f"),
                new Address("Via Roma 1"),
                "margherita",
                List.of("tomato", "basil"),
                new BigDecimal("6.50"),
                placed,
                placed.plusSeconds(1_800));
    }

    private <P extends Record> void write(Statement<P> statement, P row) throws SQLException {
        assertThat(rows(statement, row)).isEqualTo(1);
    }

    private <P extends Record> int rows(Statement<P> statement, P row) throws SQLException {
        try (PreparedStatement sql = connection.prepareStatement(statement.sql())) {
            @Nullable Object[] values = statement.bind(row, name -> name.equals("range") ? 7 : 9L);
            for (int i = 0; i < values.length; i++) sql.setObject(i + 1, jdbc(values[i]));
            return sql.executeUpdate();
        }
    }

    private static @Nullable Object jdbc(@Nullable Object value) {
        if (value instanceof Instant at) return at.atOffset(ZoneOffset.UTC);
        return value instanceof Enum<?> constant ? constant.name() : value;
    }

    private String text(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return String.valueOf(rows.getString(1));
        }
    }
}

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
        try (PreparedStatement sql = connection.prepareStatement(statement.sql())) {
            @Nullable Object[] values = statement.bind(row, name -> name.equals("range") ? 7 : 9L);
            for (int i = 0; i < values.length; i++)
                sql.setObject(i + 1, values[i] instanceof Instant at ? at.atOffset(ZoneOffset.UTC) : values[i]);
            assertThat(sql.executeUpdate()).isEqualTo(1);
        }
    }

    private String text(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return String.valueOf(rows.getString(1));
        }
    }
}

package bench.baseline;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// What can be done without ownership at best: one round trip, one commit.
@ApplicationScoped
public class OneStatement extends Stateless {
    private static final String READ = """
            select name, address_line, usual_pizza, usual_ingredients, version
              from baseline.customer where customer_id = ?""";

    private static final String REORDER = """
            with regular as (
                update baseline.customer set orders = orders + 1 where customer_id = ?
                returning customer_id, orders, address_line, usual_pizza, usual_ingredients, usual_price)
            insert into baseline.customer_order
                (order_id, customer_id, seq, request_id, address_line, pizza, ingredients, price, placed_at, expected_at)
            select ?, customer_id, orders, ?, address_line, usual_pizza, usual_ingredients, usual_price, ?, ?
              from regular
            returning seq, address_line, pizza, ingredients, price""";

    @Resource(lookup = Data.NAME)
    DataSource data;

    @Override
    public @Nullable CustomerView read(UUID customer) {
        try (var connection = data.getConnection();
                PreparedStatement read = connection.prepareStatement(READ)) {
            read.setObject(1, customer);
            try (ResultSet row = read.executeQuery()) {
                if (!row.next()) return null;
                return new CustomerView(
                        customer,
                        row.getString(1),
                        new CustomerBody.Address(row.getString(2)),
                        new CustomerBody.Choice(
                                row.getString(3), List.of(row.getString(4).split(","))),
                        row.getLong(5));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public @Nullable OrderView reorder(UUID customer, String requestId) {
        UUID order = UUID.randomUUID();
        Instant now = Instant.now();
        Instant then = now.plus(OrderRow.USUALLY);
        try (var connection = data.getConnection();
                PreparedStatement reorder = connection.prepareStatement(REORDER)) {
            reorder.setObject(1, customer);
            reorder.setObject(2, order);
            reorder.setString(3, requestId);
            reorder.setObject(4, at(now));
            reorder.setObject(5, at(then));
            try (ResultSet row = reorder.executeQuery()) {
                if (!row.next()) return null;
                BigDecimal price = row.getBigDecimal(5);
                return OrderView.of(
                        order, row.getLong(1), row.getString(2), row.getString(3), row.getString(4), price, now, then);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}

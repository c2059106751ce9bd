package bench.baseline;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

@Entity
@Table(name = "customer_order", schema = "baseline")
public class OrderRow {
    static final Duration USUALLY = Duration.ofMinutes(30);

    @Id
    @Column(name = "order_id")
    private UUID id;

    @Column(name = "customer_id")
    private UUID customer;

    @Column(name = "seq")
    private long seq;

    @Column(name = "request_id")
    private String requestId;

    @Column(name = "address_line")
    private String addressLine;

    @Column(name = "pizza")
    private String pizza;

    @Column(name = "ingredients")
    private String ingredients;

    @Column(name = "price")
    private BigDecimal price;

    @Column(name = "placed_at")
    private OffsetDateTime placedAt;

    @Column(name = "expected_at")
    private OffsetDateTime expectedAt;

    protected OrderRow() {}

    OrderRow(
            UUID customer,
            long seq,
            String requestId,
            String addressLine,
            String pizza,
            String ingredients,
            BigDecimal price) {
        this.id = UUID.randomUUID();
        this.customer = customer;
        this.seq = seq;
        this.requestId = requestId;
        this.addressLine = addressLine;
        this.pizza = pizza;
        this.ingredients = ingredients;
        this.price = price;
        this.placedAt = OffsetDateTime.now(ZoneOffset.UTC);
        this.expectedAt = placedAt.plus(USUALLY);
    }

    OrderView view() {
        return OrderView.of(
                id, seq, addressLine, pizza, ingredients, price, placedAt.toInstant(), expectedAt.toInstant());
    }
}

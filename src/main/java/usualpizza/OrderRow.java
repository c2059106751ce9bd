package usualpizza;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.UUID;
import plumb.Fingerprint;
import plumb.RequestId;

/// An order and how far it is. Read only; [InsertOrder], [InsertEvent] and [Escalate] write what it is made of.
@Entity
@Table(name = "order_now", schema = "usualpizza")
public class OrderRow {
    @Id
    @Column(name = "order_id")
    private UUID id;

    @Column(name = "customer_id")
    private UUID customer;

    @Column(name = "seq")
    private long seq;

    @Column(name = "request_id")
    private String requestId;

    @Column(name = "fingerprint")
    private String fingerprint;

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

    @Column(name = "stage")
    private String stage;

    @Column(name = "since")
    private OffsetDateTime since;

    @Column(name = "late")
    private boolean late;

    protected OrderRow() {}

    Ticket ticket() {
        return new Ticket(order(), Stage.valueOf(stage), since.toInstant(), late);
    }

    Order order() {
        return new Order(
                id,
                seq,
                new RequestId(requestId),
                new Fingerprint(fingerprint),
                new Address(addressLine),
                pizza,
                Joined.names(ingredients),
                price,
                placedAt.toInstant(),
                expectedAt.toInstant());
    }

    UUID customer() {
        return customer;
    }
}

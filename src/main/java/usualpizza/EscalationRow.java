package usualpizza;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import java.util.UUID;

/// Read only; [Escalate] writes it.
@Entity
@Table(name = "escalation", schema = "usualpizza")
public class EscalationRow {
    @Id
    @Column(name = "order_id")
    private UUID id;

    @Column(name = "customer_id")
    private UUID customer;

    @Column(name = "expected_at")
    private OffsetDateTime expectedAt;

    @Column(name = "at")
    private OffsetDateTime at;

    protected EscalationRow() {}

    Escalation escalation() {
        return new Escalation(id, customer, expectedAt.toInstant(), at.toInstant());
    }
}

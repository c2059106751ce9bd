package usualpizza;

import java.util.List;
import java.util.UUID;

/// Orders that are late, as JSON.
///
/// @param escalations the newest first
public record EscalationsView(List<EscalationView> escalations) {
    /// @param expectedAt RFC 3339, UTC
    /// @param at when it was told; RFC 3339, UTC
    public record EscalationView(UUID order, UUID customer, String expectedAt, String at) {
        static EscalationView of(Escalation escalation) {
            return new EscalationView(
                    escalation.order(),
                    escalation.customer(),
                    escalation.expectedAt().toString(),
                    escalation.at().toString());
        }
    }

    static EscalationsView of(List<Escalation> escalations) {
        return new EscalationsView(escalations.stream().map(EscalationView::of).toList());
    }
}

package usualpizza;

import java.time.Instant;
import java.util.UUID;

/// An order that was not delivered by the time it was expected.
///
/// @param at when that was told
record Escalation(UUID order, UUID customer, Instant expectedAt, Instant at) {}

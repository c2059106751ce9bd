package plumb;

/// Fired on each instance before it owns anything, when nobody waits for it: a domain that observes it may use what its
/// first customers would wait for (a query to be parsed, reference data to be read). It must not change anything: every
/// instance does this at every start. What it throws is logged, and the instance goes on.
///
/// ```java
/// void rehearse(@Observes Rehearsal rehearsal) { menu(); }
/// ```
public record Rehearsal() {}

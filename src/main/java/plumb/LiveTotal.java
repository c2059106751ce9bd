package plumb;

/// A live gauge over all instances.
///
/// @param complete whether every range was counted; else it is the sum over those that could be
public record LiveTotal(long value, boolean complete) {}

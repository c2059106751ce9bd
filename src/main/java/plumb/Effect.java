package plumb;

/// What a request did.
///
/// @param repeated an earlier request of the same id did it, and this one nothing
public record Effect<E>(E value, boolean repeated) {}

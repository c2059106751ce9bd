package plumb;

import java.util.function.Supplier;

/// Lets each request of a key have its effect once, for domains whose own rows do not know it: writes the request's id,
/// the fingerprint of its body and the answer to the table `plumb.request`, in the commit of the effect.
///
/// ```java
/// @Inject Once once;
///
/// Effect<Long> add(Add body, RequestId id) {
///     return once.run(id, Fingerprint.of(body), Long.class, () -> { writes.add(SAVE, …); return total +=
/// body.amount(); });
/// }
/// ```
///
/// Injectable into [PerKey] classes, where it costs one query at each load and one row for each request; a domain that
/// writes a row for each request anyway keeps the id there ([Requests]). The newest requests are answered from memory,
/// older ones from the table, until `plumb.request.retention` is over: then the same id is a new request.
///
/// For the key's own thread, as [Writes]; not in one request with a `@Transactional` method.
public interface Once {
    /// Has the effect, or answers what was answered then.
    ///
    /// @param answer a record, text, number or boolean, kept as JSON of at most 65,536 characters
    /// @param effect checks, writes and changes memory; what it throws goes on to the caller, and nothing is remembered
    /// @throws Rejection 422 `request-id-reused`, if the id came with another body before
    <A> Effect<A> run(RequestId id, Fingerprint body, Class<A> answer, Supplier<? extends A> effect);
}

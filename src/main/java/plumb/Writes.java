package plumb;

/// Collects what a request wants written. All of one turn is committed in one transaction, under the fence, before the
/// replies leave: it is applied as a whole, or not at all, and never after this instance's tenure.
///
/// Injectable into [PerKey] classes. Usable on the key's own thread only, during a request; elsewhere it throws
/// `IllegalStateException`.
public interface Writes {
    /// Adds one execution of a statement. Touches no database yet; order is kept.
    ///
    /// @return tells after the commit how many rows were written
    <P extends Record> Written add(Statement<P> statement, P row);

    /// The outcome of one added statement.
    interface Written {
        /// The number of rows that the statement wrote, or 0 where `on conflict do nothing` met a conflict.
        ///
        /// @throws IllegalStateException before the commit
        int count();
    }
}

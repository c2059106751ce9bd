/// The same shop as most would write it, to compare with: stateless instances, every request one transaction in the
/// database, no owner. An application of its own, `baseline.war`, made by [bench.BaselineWar].
///
/// Each customer can be reached by three ways, `api/{way}/customers/…`, all with the answers of the real service:
/// `optimistic` and `pessimistic` (Jakarta Persistence), `statement` (the whole reorder is one statement of SQL). They
/// do
/// less than the real one, never more: no store room, no stages, nobody is told that an order is late, and the price is
/// in the customer's row.
@NullMarked
package bench.baseline;

import org.jspecify.annotations.NullMarked;

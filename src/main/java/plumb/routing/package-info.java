/// Where a request of a key goes: an immutable interval map over all ranges, swapped by one volatile write and
/// refreshed by version (a notification, the version in each renewal's answer, or at once when an owner says 421).
///
/// For `http`, which asks, and for `runtime`, which refreshes. Lookup allocates nothing.
@NullMarked
package plumb.routing;

import org.jspecify.annotations.NullMarked;

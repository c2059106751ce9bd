/// For people: the page (instances, ranges, who owns a key), the audit, the history. Reads, and stores what the audit
/// found; no part imports it.
@NullMarked
package plumb.admin;

import org.jspecify.annotations.NullMarked;

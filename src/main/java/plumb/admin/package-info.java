/// The page for people: instances, ranges, who owns a key. Reads, never changes; no part imports it.
@NullMarked
package plumb.admin;

import org.jspecify.annotations.NullMarked;

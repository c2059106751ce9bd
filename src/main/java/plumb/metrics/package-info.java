/// What people and their tools see of a running instance: MicroProfile Metrics over what the other parts count, and
/// health. Reads, never changes; no part imports it.
@NullMarked
package plumb.metrics;

import org.jspecify.annotations.NullMarked;

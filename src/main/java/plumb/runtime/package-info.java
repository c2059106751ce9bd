/// The composition root: starts and stops the parts, reads the settings and the clocks, makes the threads, ties
/// ownership to dispatch, and teaches CDI what [plumb.PerKey] means. Nobody imports it, except the kit for tests.
///
/// ```
/// start: settings → migrate → register → routing → claim → ready        stop: not ready → drain → release → halt
/// ```
@NullMarked
package plumb.runtime;

import org.jspecify.annotations.NullMarked;

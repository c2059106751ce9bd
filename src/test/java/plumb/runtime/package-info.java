/// The wiring's own decisions, without a server.
@NullMarked
package plumb.runtime;

import org.jspecify.annotations.NullMarked;

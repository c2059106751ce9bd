/// Handlers on real virtual threads, over a committer that the test commands and a clock that it sets.
@NullMarked
package plumb.dispatch;

import org.jspecify.annotations.NullMarked;

/// The WAR inside a real server, with a small domain of its own beside the pizza: what the domain API promises there.
@NullMarked
package container;

import org.jspecify.annotations.NullMarked;

@NullMarked
package plumb.access;

import org.jspecify.annotations.NullMarked;

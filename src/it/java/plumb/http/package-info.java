@NullMarked
package plumb.http;

import org.jspecify.annotations.NullMarked;

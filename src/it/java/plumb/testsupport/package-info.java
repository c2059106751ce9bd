/// What integration tests share.
@NullMarked
package plumb.testsupport;

import org.jspecify.annotations.NullMarked;

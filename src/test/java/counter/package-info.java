/// The counter of src/site/markdown/your-own-domain.md, as a team would write it: the page's code is this code.
@NullMarked
package counter;

import org.jspecify.annotations.NullMarked;

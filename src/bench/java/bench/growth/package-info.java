/// `mvn -Pbench -Dplumb.bench.scenarios=growth`: how cost grows with customers, ranges, instances and the size of what
/// is
/// written. Tables, and pictures for src/site/markdown/growth.md.
@NullMarked
package bench.growth;

import org.jspecify.annotations.NullMarked;

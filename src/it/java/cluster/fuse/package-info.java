/// A domain with a customer who brings his instance down.
@NullMarked
package cluster.fuse;

import org.jspecify.annotations.NullMarked;

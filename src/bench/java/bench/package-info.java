/// `mvn -Pbench`: the figures of the README. A load generator, CPU read from `/proc`, and the same servers once with
/// group commit and once with one commit per order, so that only ratios of one run are compared.
@NullMarked
package bench;

import org.jspecify.annotations.NullMarked;

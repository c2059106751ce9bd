/// Real server processes over a real Postgres: what the product promises to people, tried by killing, stopping and
/// pausing.
@NullMarked
package cluster;

import org.jspecify.annotations.NullMarked;

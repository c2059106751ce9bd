/// The Postgres edge against a real, durable Postgres.
@NullMarked
package plumb.postgres;

import org.jspecify.annotations.NullMarked;

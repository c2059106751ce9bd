/// The pizza: its logic without a container (writes that are only recorded, an archive in memory), its schema on a real
/// Postgres.
@NullMarked
package usualpizza;

import org.jspecify.annotations.NullMarked;

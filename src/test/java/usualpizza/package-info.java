/// The pizza's logic without a container: a customer with writes that are only recorded, over an archive in memory.
@NullMarked
package usualpizza;

import org.jspecify.annotations.NullMarked;

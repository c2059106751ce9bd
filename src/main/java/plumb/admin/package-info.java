/// For people: the pages (leases, one range, one instance, one key) and their REST: moves, drains, balancing, the
/// audit, the history. Who may is [plumb.access] 's to say. No part imports it.
@NullMarked
package plumb.admin;

import org.jspecify.annotations.NullMarked;

/// The Postgres edge: the ports of `ownership` and `commit`, in SQL. Driver exceptions do not leave this package.
///
/// ```
/// renewal thread ──▶ PostgresHeartbeat      own connection: UPDATE instance … hb = hb + 1
/// ownership      ──▶ PostgresLeaseTable     few own connections: range rows by id ─▶ routing_version ─▶ own row
/// commit lane    ──▶ PostgresFencedStore    own connection: BEGIN, Fence (FOR SHARE), statements, COMMIT
/// routing        ◀── PostgresNotifications  own connection: LISTEN plumb_routing
/// ```
///
/// No connection here comes from a pool that requests use: busy must never look dead. Every session is READ COMMITTED
/// with `synchronous_commit = on`, has server-side time-outs, and carries `plumb:<incarnation>` as its application
/// name, by which a taker ends the sessions of the dead. Imported by `runtime` alone.
@NullMarked
package plumb.postgres;

import org.jspecify.annotations.NullMarked;

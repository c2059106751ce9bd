/// For programs that ask: a client that knows the routing table and sends each request straight to the owner of its
/// key. [plumb.client.RoutingClient] is all of it.
///
/// ```
/// RoutingClient ── key → slot → range → owner ──▶ the owner's public URL
///       │                                            │ connect failed, no answer
///       │ knows nothing                              ▼
///       └──────────────────────────────────────▶ any door: it forwards, redirects or waits
/// Watch ── GET /api/routes/{domain}?wait=PT20S, If-None-Match ──▶ a door
/// ```
///
/// The table is a hint and never has to be right: every instance takes every request and sees to it that the owner
/// gets it. Plain Java and `plumb.keyspace`; nobody in the application imports it.
@NullMarked
package plumb.client;

import org.jspecify.annotations.NullMarked;

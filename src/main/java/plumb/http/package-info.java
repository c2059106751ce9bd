/// The HTTP edge: takes a request of an [plumb.Owned] resource to the instance that owns its key, and turns whatever
/// goes wrong into `application/problem+json`.
///
/// ```
///  request ──▶ TripFilter ──▶ OwnerFilter: key, deadline, request id, is it a signed hop?
///                                 │
///                                 ▼
///                             Steering ──Local────▶ Gates.enter ──▶ resource method ──▶ OwnerHeaders ──▶ answer
///                                 │  ▲ ──Unowned──▶ parked until the table changes, then again
///                                 │  └──── 421, connect failed, repeatable ────┐
///                                 └──Remote───▶ Forwarder (one signed hop) ────┴──▶ the owner's answer, relayed
/// ```
///
/// A signed hop is never forwarded again: it runs here or gets 421, which says that it was **not applied**. For
/// `runtime` (which builds the plain classes) and `metrics` (which reads [plumb.http.HttpStats]); JAX-RS and servlet
/// types live here only.
@NullMarked
package plumb.http;

import org.jspecify.annotations.NullMarked;

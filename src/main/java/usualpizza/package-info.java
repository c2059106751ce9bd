/// The Usual Pizza: regulars reorder their usual with one click. The shipped domain, and the example of how to write
/// one: it imports `plumb` and nothing beneath it, and nobody imports it.
///
/// ```
/// CustomersResource, CustomerResource, OrdersResource    HTTP in, HTTP out; what is wrong with a body alone
///            │ Keyed<Usual>
///            ▼
/// Usual ─── Orders        one customer in memory: checks, then writes, then changes memory
///   │  │      │
///   │  │      │ Archive   read when a customer is loaded, and for what is older than memory keeps
///   │  │      ▼
///   │  │    Tables (Jakarta Persistence) and its rows
///   │  ▼
///   │ MenuCard, Kitchen, Pantry    what all customers of an instance share; approximate, but no portion is sold twice
///   ▼ Writes
/// SaveCustomer, InsertOrder, InsertEvent, Escalate
/// ```
///
/// An order is a snapshot and never changes. What becomes of it are events, each written once:
///
/// ```
/// PLACED ──▶ PREPARING ──▶ BAKED ──▶ OUT ──▶ DELIVERED
///    │           │
///    └───────────┴──▶ CANCELLED                   open when it was expected: one escalation (the alarm `late`)
/// ```
@NullMarked
package usualpizza;

import org.jspecify.annotations.NullMarked;

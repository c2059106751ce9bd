/// The Usual Pizza: regulars reorder their usual with one click. The shipped domain, and the example of how to write
/// one: it imports `plumb` and nothing beneath it, and nobody imports it.
///
/// ```
/// CustomersResource, CustomerResource, OrdersResource    HTTP in, HTTP out; what is wrong with a body alone
///            │ Keyed<Usual>
///            ▼
/// Usual ─── Orders        one customer in memory: checks, then writes, then changes memory
///   │         │
///   │ Writes  │ Archive   read when a customer is loaded, and for what is older than memory keeps
///   ▼         ▼
/// SaveCustomer, InsertOrder        Tables (Jakarta Persistence) and its rows
/// ```
@NullMarked
package usualpizza;

import org.jspecify.annotations.NullMarked;

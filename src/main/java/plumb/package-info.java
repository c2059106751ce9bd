/// All that a domain imports. Every request of one key is processed on the one instance that owns the key, one after
/// another, by a handler that has the key's state in memory.
///
/// ```
/// client ──▶ any instance ── @Owned: whose key is it? ──▶ the owner's instance
///                                                              │ Keyed.at(key).call(…)
///                                                              ▼
///                                             mailbox of the key ──▶ its handler, on its own virtual thread
///                                                              │ Writes: collected during the turn
///                                                              ▼
///                                             one fenced commit for many keys ──▶ Postgres
///                                                              ▼
///                                             the reply leaves, after the commit that it depends on
/// ```
///
/// A domain writes three things: a JAX-RS resource marked [Owned], a class marked [PerKey] with plain fields, and
/// [Statement]s that its handler adds to [Writes]. What is under this package is for the plumbing alone.
@NullMarked
package plumb;

import org.jspecify.annotations.NullMarked;

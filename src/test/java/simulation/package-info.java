/// The whole core, ownership, routing, dispatch and commit, in one deterministic world.
///
/// The classes are the real ones, wired as `runtime` wires them. Clock, network, database and processes are simulated:
/// every thread of an instance is a virtual thread, and all of them are carried by the one thread that runs the test,
/// which resumes one after another in an order that a seed decides ([simulation.Scheduler]). So a seed makes the same
/// run again, and another seed makes another interleaving.
///
/// ```
/// Client ──▶ Front (what http does, in small) ──▶ real Gates, Routes, Dispatcher, CommitLane, LeaseKeeper … of an
/// Instance
///                                                     │ Link: slow, lost, late, cut
///                                                     ▼
///                                                  Database: the lease table's twin, transactions, rows
/// ```
///
/// [simulation.History] and [simulation.Exclusivity] look at every step; [simulation.Flaw] breaks the protocol, to show
/// that they would notice. `-Dplumb.simulation.seeds=20000` runs that many, `-Dplumb.simulation.from=4711` begins
/// there.
@NullMarked
package simulation;

import org.jspecify.annotations.NullMarked;

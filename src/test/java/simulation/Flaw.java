package simulation;

import java.util.HashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import plumb.Handler;
import plumb.commit.CommitResult.Committed;
import plumb.commit.CommitResult.Outcome;
import plumb.commit.Committer;
import plumb.commit.Doubt;
import plumb.commit.FencedStore;
import plumb.commit.FencedStore.Attempt;
import plumb.commit.Unit;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Tenure;
import plumb.ownership.Lease;
import plumb.ownership.LeaseTable;
import plumb.ownership.LeaseTable.RangePage;
import plumb.ownership.LeaseTableException;
import plumb.ownership.OwnershipListener;
import plumb.postgres.TransactionStatus.State;

/// A core that is broken in one place, above the lease rows. What the simulation cannot find in these, it would not
/// find in ours either.
enum Flaw implements Seams {
    /// Replies leave before the commit that they depend on.
    REPLY_BEFORE_COMMIT {
        @Override
        public Committer committer(Committer real, Instance instance) {
            return unit -> {
                real.submit(unit);
                return CompletableFuture.completedFuture(new Committed());
            };
        }
    },
    /// A unit is committed under the tenure of the moment, not under that in which its state was loaded.
    TENURE_OF_THE_COMMIT {
        @Override
        public Committer committer(Committer real, Instance instance) {
            return unit -> {
                Tenure now = instance.tenure(unit.tenure().range()).orElse(unit.tenure());
                return real.submit(new Unit(now, unit.writes()));
            };
        }
    },
    /// What the fence refused is reported as committed.
    REFUSALS_IGNORED {
        @Override
        public FencedStore store(FencedStore real) {
            return new StoreDouble(
                    real, attempt -> attempt instanceof Attempt.Applied ? new Attempt.Applied(Set.of()) : attempt);
        }
    },
    /// Statements without a fence.
    NO_FENCE {
        @Override
        public boolean fences() {
            return false;
        }
    },
    /// The lines of one turn are committed one by one.
    TURN_IN_PARTS {
        @Override
        public FencedStore store(FencedStore real) {
            return new StoreDouble.InParts(real);
        }
    },
    /// A commit without an answer is sent again.
    DOUBT_TRIED_AGAIN {
        @Override
        public FencedStore store(FencedStore real) {
            return new StoreDouble(
                    real,
                    attempt ->
                            attempt instanceof Attempt.InDoubt doubt ? new Attempt.TryAgain(doubt.detail()) : attempt);
        }
    },
    /// A commit without an answer is told as not applied.
    DOUBT_IS_NOT_APPLIED {
        @Override
        public Doubt doubt(Doubt real, Instance instance) {
            return (tenures, xid) -> {
                real.settle(tenures, xid);
                return Outcome.NOT_APPLIED;
            };
        }
    },
    /// What became of a transaction is asked before its tenure is ended.
    STATUS_BEFORE_THE_END {
        @Override
        public Doubt doubt(Doubt real, Instance instance) {
            return (tenures, xid) -> {
                Outcome early = outcome(instance, xid);
                Outcome late = real.settle(tenures, xid);
                return late == Outcome.UNKNOWN ? late : early;
            };
        }
    },
    /// The tenure of a commit in doubt goes on.
    DOUBT_WITHOUT_RECLAIM {
        @Override
        public Doubt doubt(Doubt real, Instance instance) {
            return (tenures, xid) -> outcome(instance, xid);
        }
    },
    /// Trust is not looked at after an answer was computed.
    TRUST_NOT_CHECKED {
        @Override
        public boolean trusted(boolean holds) {
            return true;
        }
    },
    /// Memory survives the loss of its lease.
    LOST_NOT_HALTED {
        @Override
        public OwnershipListener ties(OwnershipListener real) {
            return new Relay(real) {
                @Override
                public void lost(Lease lease, String cause) {}
            };
        }
    },
    /// A range changes its owner before its mailboxes are empty.
    DRAIN_NOT_AWAITED {
        @Override
        public OwnershipListener ties(OwnershipListener real) {
            return new Relay(real) {
                @Override
                public CompletionStage<HandedAlong> drain(Lease lease) {
                    return CompletableFuture.completedFuture(HandedAlong.NOTHING);
                }
            };
        }
    },
    /// States are kept by key, whatever the tenure, as a cache would.
    STATE_CACHED {
        @Override
        public Handler.Factory<Book> books(Handler.Factory<Book> real) {
            var cache = new HashMap<String, Book>();
            return (key, writes) -> {
                Handler<Book> handler = real.create(key, writes);
                return () -> {
                    Book cached = cache.get(key);
                    if (cached == null) cache.put(key, cached = handler.load());
                    return cached;
                };
            };
        }
    },
    /// What was handed along once is given to whoever gets the range next.
    LUGGAGE_OF_ANY_EPOCH {
        @Override
        public LeaseTable arrivals(LeaseTable real) {
            return Seams.instead(real, "handedAlong", (table, held) -> newest(table, (Tenure) held));
        }

        @Override
        public OwnershipListener ties(OwnershipListener real) {
            return new Relay(real) {
                @Override
                public void granted(Lease lease, boolean handedOver) {
                    super.granted(lease, true);
                }
            };
        }
    },
    /// The routing version is read after the rows that it is to stand for.
    VERSION_READ_LATER {
        @Override
        public LeaseTable routing(LeaseTable real) {
            return Seams.instead(real, "rangesSince", (table, seen) -> {
                var rows = table.rangesSince((long) seen).ranges();
                return new RangePage(rows, table.rangesSince((long) seen).version());
            });
        }
    };

    private static Outcome outcome(Instance instance, String xid) {
        try {
            return instance.status(xid) == State.COMMITTED ? Outcome.APPLIED : Outcome.NOT_APPLIED;
        } catch (LeaseTableException e) {
            return Outcome.NOT_APPLIED;
        }
    }

    private static HandedAlong newest(LeaseTable table, Tenure held) {
        for (long epoch = held.epoch().value(); epoch > 0; epoch--) {
            HandedAlong along = table.handedAlong(new Tenure(held.range(), new Epoch(epoch), held.owner()));
            if (!along.isEmpty()) return along;
        }
        return HandedAlong.NOTHING;
    }
}

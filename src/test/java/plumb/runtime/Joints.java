package plumb.runtime;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.commit.CommitResult.Outcome;
import plumb.commit.Doubt;
import plumb.dispatch.Dispatcher;
import plumb.http.Gates;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTable;
import plumb.ownership.OwnershipListener;
import plumb.postgres.TransactionStatus.State;
import plumb.routing.RoutingTableRefresher;

/// What joins the parts of an instance, for a simulation.
public final class Joints {
    private Joints() {}

    public static OwnershipListener ties(
            Dispatcher dispatcher,
            Gates gates,
            RoutingTableRefresher routing,
            LeaseTable table,
            Executor aside,
            LongSupplier nanoTime,
            LongConsumer rest) {
        var arrivals = new Arrivals(table, dispatcher, aside, nanoTime, rest);
        return new Ties(dispatcher, gates, routing, arrivals, aside);
    }

    public static Settling doubts(
            LeaseKeeper keeper,
            BiFunction<String, Incarnation, State> transactions,
            Duration patience,
            Executor aside,
            LongSupplier nanoTime,
            LongConsumer rest) {
        return new Settling(new Doubts(keeper, transactions, patience, aside, nanoTime, rest));
    }

    /// Doubts that can be stopped.
    public static final class Settling implements Doubt {
        private final Doubts doubts;

        private Settling(Doubts doubts) {
            this.doubts = doubts;
        }

        @Override
        public Outcome settle(Set<Tenure> tenures, @Nullable String xid) {
            return doubts.settle(tenures, xid);
        }

        public void stop() {
            doubts.stop();
        }
    }
}

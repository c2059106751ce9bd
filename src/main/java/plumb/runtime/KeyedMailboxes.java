package plumb.runtime;

import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import plumb.Deadline;
import plumb.Keyed;
import plumb.NotOwner;
import plumb.dispatch.Rank;
import plumb.keyspace.Key;
import plumb.keyspace.KeyType;
import plumb.keyspace.Slot;
import plumb.routing.Route;
import plumb.routing.RoutingTable;

/// `Keyed<T>` over the dispatcher.
final class KeyedMailboxes<T> implements Keyed<T> {
    private static final int FRESH_KEY_TRIES = 2_000; // in vain: it owns so little that luck would take too long

    private final Plumbing plumbing;
    private final String domain;
    private final KeyType keys;

    KeyedMailboxes(Plumbing plumbing, String domain, KeyType keys) {
        this.plumbing = plumbing;
        this.domain = domain;
        this.keys = keys;
    }

    private Wiring parts() {
        return plumbing.parts();
    }

    @Override
    public At<T> at(Object key) {
        return new OfKey(Key.of(domain, keys, key.toString()), Rank.USUAL);
    }

    @Override
    public UUID freshKey() {
        RoutingTable table = parts().routes.current();
        for (int tries = 0; tries < FRESH_KEY_TRIES; tries++) {
            UUID drawn = UUID.randomUUID();
            if (table.route(domain, Slot.of(drawn.toString())) instanceof Route.Local) return drawn;
        }
        throw new NotOwner("this instance owns no part of " + domain + " at the moment");
    }

    private final class OfKey implements At<T> {
        private final Key key;
        private final Rank rank;

        OfKey(Key key, Rank rank) {
            this.key = key;
            this.rank = rank;
        }

        @Override
        public At<T> urgent() {
            return new OfKey(key, Rank.URGENT);
        }

        @Override
        public <R> CompletionStage<R> call(Function<? super T, ? extends R> request) {
            return call(parts().currentDeadline(), request);
        }

        @Override
        public <R> CompletionStage<R> call(Deadline deadline, Function<? super T, ? extends R> request) {
            return parts().dispatcher.call(key, rank, deadline, request);
        }
    }
}

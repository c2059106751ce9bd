package plumb.runtime;

import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import plumb.Deadline;
import plumb.Keyed;
import plumb.dispatch.Rank;
import plumb.keyspace.Key;
import plumb.keyspace.KeyType;

/// `Keyed<T>` over the dispatcher.
final class KeyedMailboxes<T> implements Keyed<T> {
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
        return parts().freshKey(domain);
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

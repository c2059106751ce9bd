package plumb.testing;

import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import plumb.Deadline;
import plumb.Keyed;
import plumb.dispatch.Rank;
import plumb.keyspace.Key;

/// `Keyed<T>` as the handlers of one owner find it.
record KitMailboxes<T>(KitInstance instance, KitDomain<T> domain) implements Keyed<T> {
    @Override
    public At<T> at(Object key) {
        return new OfKey<>(instance, domain.key(key), Rank.USUAL);
    }

    @Override
    public UUID freshKey() {
        return UUID.randomUUID();
    }

    private record OfKey<T>(KitInstance instance, Key key, Rank rank) implements At<T> {
        @Override
        public At<T> urgent() {
            return new OfKey<>(instance, key, Rank.URGENT);
        }

        @Override
        public <R> CompletionStage<R> call(Function<? super T, ? extends R> request) {
            return call(instance.currentDeadline(), request);
        }

        @Override
        public <R> CompletionStage<R> call(Deadline deadline, Function<? super T, ? extends R> request) {
            return instance.dispatcher().call(key, rank, deadline, request);
        }
    }
}

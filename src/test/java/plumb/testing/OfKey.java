package plumb.testing;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import plumb.dispatch.PendingAlarm;
import plumb.dispatch.Rank;
import plumb.dispatch.Turn;
import plumb.keyspace.Key;

/// One key's handler, as those who send requests see it.
///
/// @param <T> its class
public final class OfKey<T> {
    private final TestKit<?> kit;
    private final Key key;
    private final Rank rank;

    OfKey(TestKit<?> kit, Key key, Rank rank) {
        this.kit = kit;
        this.key = key;
        this.rank = rank;
    }

    /// The same for requests that pass all others.
    public OfKey<T> urgent() {
        return new OfKey<>(kit, key, Rank.URGENT);
    }

    /// Sends a request and waits for its answer, which leaves after its commit, and then for all that is due at once
    /// because of it.
    ///
    /// @throws RuntimeException what the request threw, or what its caller would be told
    public <R extends @Nullable Object> R call(Function<? super T, ? extends R> request) {
        CompletableFuture<R> answer = begin(request);
        try {
            return KitInstance.await(answer, () -> "a request of " + key);
        } finally {
            kit.settle();
        }
    }

    /// The same for a request that changes something and answers nothing.
    public void run(Consumer<? super T> request) {
        call(state -> {
            request.accept(state);
            return key;
        });
    }

    /// Sends a request without waiting. Those that are sent while the key is at work share a turn.
    public <R extends @Nullable Object> CompletableFuture<R> begin(Function<? super T, ? extends R> request) {
        return kit.owner().begin(key, rank, request);
    }

    /// When that alarm of the key will fire; empty: it is not set.
    public Optional<Instant> alarm(String name, Object argument) {
        return kit.store().alarms().of(key).stream()
                .filter(each -> each.name().equals(name) && each.argument().equals(argument.toString()))
                .map(PendingAlarm::due)
                .findFirst();
    }

    /// The same for an alarm without an argument.
    public Optional<Instant> alarm(String name) {
        return alarm(name, "");
    }

    /// Lets an alarm fire now, whenever it is due. What its method throws is logged, and it is tried again later, as
    /// always.
    ///
    /// @throws IllegalStateException if it is not set
    public void fire(String name, Object argument) {
        if (alarm(name, argument).isEmpty())
            throw new IllegalStateException("the alarm \"" + name + "\" of " + key + " is not set for " + argument);
        due(() -> Turn.current().alarms().set(name, argument, kit.now()));
    }

    /// The same for an alarm without an argument.
    public void fire(String name) {
        if (alarm(name).isEmpty())
            throw new IllegalStateException("the alarm \"" + name + "\" of " + key + " is not set");
        due(() -> Turn.current().alarms().set(name, kit.now()));
    }

    /// No accident that the test has planned befalls the setting: it is meant for what the alarm writes.
    private void due(Runnable setting) {
        kit.store().aside(true);
        try {
            KitInstance.await(
                    begin(state -> {
                        setting.run();
                        return key;
                    }),
                    () -> "setting an alarm of " + key);
        } finally {
            kit.store().aside(false);
        }
        kit.settle();
    }
}

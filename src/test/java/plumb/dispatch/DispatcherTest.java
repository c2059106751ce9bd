package plumb.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import plumb.Deadline;
import plumb.Expired;
import plumb.NotOwner;
import plumb.Overloaded;
import plumb.Refusal;
import plumb.dispatch.DispatchStats.Event;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.KeyType;
import plumb.keyspace.Slot;

/// Whom a request reaches, and what is refused.
class DispatcherTest extends DispatchFixture {
    @Override
    DispatchSettings settings() {
        return new DispatchSettings(2, 2, Duration.ofSeconds(1), Duration.ofHours(1), 2);
    }

    private static void overloaded(CompletableFuture<?> reply, Overloaded.Scope scope) throws Exception {
        assertThat(failure(reply))
                .isInstanceOfSatisfying(
                        Overloaded.class, refusal -> assertThat(refusal.scope()).isEqualTo(scope));
    }

    @Test
    void aKeyOutsideTheHeldRangesIsNotOwned() throws Exception {
        Slot slot = key("a").slot();
        dispatcher.halt(RANGE, "narrower now");
        dispatcher.granted(DOMAIN, new KeyRange(slot.value() + 1, Slot.SPACE), tenure(6));
        refused(read("a"), NotOwner.class);

        dispatcher.granted(DOMAIN, new KeyRange(slot.value(), slot.value() + 1), tenure(7));
        assertThat(value(read("a"))).isEmpty();
        assertThat(dispatcher.stats().count(Event.NOT_OWNER)).isEqualTo(1);
    }

    @Test
    void aKeyOfAnotherDomainIsNotOwned() throws Exception {
        var stranger = Key.of("unknown", KeyType.STRING, "a");

        dispatcher.granted("unknown", KeyRange.ALL, tenure(1));

        refused(dispatcher.call(stranger, LATE, state -> state), NotOwner.class);
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void aFullMailboxRefusesAtOnceAndOthersServe() throws Exception {
        Gate gate = busy("a");
        var queued = List.of(read("a"), read("a"));

        overloaded(read("a"), Overloaded.Scope.KEY);
        assertThat(value(read("b"))).isEmpty();

        gate.open();
        for (var reply : queued) value(reply);
        assertThat(value(read("a"))).isEmpty();
        assertThat(dispatcher.stats().count(Event.FULL)).isEqualTo(1);
    }

    @Test
    void oneHandlerTooManyIsRefusedWhileAllAreBusyAndThoseThatLiveServe() throws Exception {
        Gate a = busy("a");
        Gate b = busy("b");

        overloaded(read("c"), Overloaded.Scope.INSTANCE);
        overloaded(read("d"), Overloaded.Scope.INSTANCE);

        assertThat(dispatcher.stats().handlers()).isEqualTo(2);
        assertThat(dispatcher.stats().count(Event.CROWDED)).isEqualTo(2);
        a.open();
        b.open();
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void aRequestWhoseDeadlinePassedInTheQueueDoesNotRun() throws Exception {
        Gate gate = busy("a");
        var runs = new ArrayList<String>();
        var expired = dispatcher.call(key("a"), new Deadline(1000), (Pad pad) -> runs.add("expired"));
        var intime = dispatcher.call(key("a"), new Deadline(1001), (Pad pad) -> runs.add("in time"));

        nowNanos.set(1000);
        gate.open();

        refused(expired, Expired.class);
        value(intime);
        assertThat(runs).containsExactly("in time");
        assertThat(dispatcher.stats().count(Event.EXPIRED)).isEqualTo(1);
    }

    @Test
    void keysRunInParallel() throws Exception {
        var both = new CountDownLatch(2);

        var a = call("a", pad -> meet(both));
        var b = call("b", pad -> meet(both));

        assertThat(value(a)).isTrue();
        assertThat(value(b)).isTrue();
    }

    private static boolean meet(CountDownLatch others) {
        others.countDown();
        try {
            others.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    void aNewTenureOfTheSameRangeStartsAnewAndTheSameOneChangesNothing() throws Exception {
        value(read("a"));
        committer.store("a", "by another owner");

        granted(TENURE);
        assertThat(value(read("a"))).isEmpty();

        granted(tenure(7));
        assertThat(value(read("a"))).containsExactly("by another owner");
    }

    @Test
    void answersAndTheirCallbacksLeaveOnThreadsOfTheirOwn() throws Exception {
        Gate gate = busy("a");
        var thread = read("a").thenApply(lines -> Thread.currentThread().getName());
        gate.open();

        assertThat(value(thread)).startsWith("reply-");
    }

    @Test
    void aHandlerThatGetsNoThreadStrandsNobodyWhoFoundIt() throws Exception {
        var poor = new AtomicReference<@Nullable Dispatcher>();
        var found = new ArrayList<CompletableFuture<?>>();
        ThreadFactory exhausted = task -> {
            found.add(
                    requireNonNull(poor.get()).call(key("a"), LATE, Pad::read)); // another caller, at the worst moment
            throw new OutOfMemoryError("no thread");
        };
        var dispatcher = new Dispatcher(settings(), committer, trusted::get, nowNanos::get, exhausted, Runnable::run);
        poor.set(dispatcher);
        dispatcher.register(DOMAIN, pads);
        dispatcher.granted(DOMAIN, KeyRange.ALL, TENURE);

        for (int i = 0; i < 3; i++)
            assertThatThrownBy(() -> dispatcher.call(key("a"), LATE, Pad::read)).isInstanceOf(OutOfMemoryError.class);

        assertThat(found).hasSize(3);
        for (var reply : found) assertThat(failure(reply)).isInstanceOf(Refusal.class);
        assertThat(dispatcher.stats().handlers()).isZero();
        assertThat(dispatcher.drain(RANGE)).isCompleted();
    }
}

package bench.micro;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.Handler;
import plumb.Statement;
import plumb.Writes;
import plumb.commit.Committer;
import plumb.dispatch.DispatchSettings;
import plumb.dispatch.Dispatcher;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// A dispatcher that holds every key of one domain, and callers who never wait but call again when they are answered.
public final class Serving implements AutoCloseable {
    static final int MAILBOX = 4_096;
    private static final String DOMAIN = "customer";
    private static final Statement<Note> NOTE = Statement.of(Note.class, "insert into note (n) values (:n)");

    /// What a turn writes.
    record Note(long n) {}

    /// What a key's requests run against.
    public static final class Count {
        private final Writes writes;
        private long n;

        private Count(Writes writes) {
            this.writes = writes;
        }

        /// A request that writes nothing.
        public long next() {
            return n++;
        }

        /// A request that writes one row.
        public long written() {
            writes.add(NOTE, new Note(n));
            return n++;
        }
    }

    private final ExecutorService replies = Executors.newVirtualThreadPerTaskExecutor();
    private final Dispatcher dispatcher;

    /// @param most keys in memory
    public Serving(Committer committer, int most) {
        dispatcher = new Dispatcher(
                new DispatchSettings(MAILBOX, 256, Duration.ofMillis(20), Duration.ofDays(1), most),
                committer,
                () -> true,
                System::nanoTime,
                Thread.ofVirtual().name("key-", 0).factory(),
                replies);
        Handler.Factory<Count> factory = (key, writes) -> () -> new Count(writes);
        dispatcher.register(DOMAIN, factory);
        dispatcher.granted(
                DOMAIN, KeyRange.ALL, new Tenure(new RangeId(1), new Epoch(1), new Incarnation(new UUID(0, 1))));
    }

    public static Key[] keys(int many) {
        Key[] keys = new Key[many];
        for (int i = 0; i < many; i++) keys[i] = new Key(DOMAIN, "key-" + i);
        return keys;
    }

    /// Handlers in memory now.
    public int handlers() {
        return dispatcher.stats().handlers();
    }

    /// Each key is asked so many times, one after the other, all keys at once. Blocks until the last answer.
    public void ask(Key[] keys, int times, Function<Count, Long> request) throws InterruptedException {
        var asking = new Asking(request, keys.length);
        for (Key key : keys) asking.go(key, times);
        asking.await();
    }

    /// One key is asked so many times without waiting for any answer. Blocks until the last one.
    public void flood(Key key, int times, Function<Count, Long> request) throws InterruptedException {
        var asking = new Asking(request, times);
        for (int i = 0; i < times; i++) asking.go(key, 1);
        asking.await();
    }

    private final class Asking {
        private final Deadline deadline = Deadline.in(Duration.ofMinutes(10), System.nanoTime());
        private final Function<Count, Long> request;
        private final CountDownLatch over;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Asking(Function<Count, Long> request, int callers) {
            this.request = request;
            this.over = new CountDownLatch(callers);
        }

        void go(Key key, int left) {
            dispatcher.call(key, deadline, request).whenComplete((answer, failed) -> {
                if (failed != null) failure.set(failed);
                if (left == 1 || failed != null) over.countDown();
                else go(key, left - 1);
            });
        }

        void await() throws InterruptedException {
            over.await();
            if (failure.get() != null) throw new IllegalStateException(failure.get());
        }
    }

    /// Lets all keys go.
    @Override
    public void close() {
        dispatcher.halt(new RangeId(1), "over");
        replies.close();
    }
}

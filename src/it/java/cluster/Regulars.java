package cluster;

import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Customers who reorder one after the other and remember what they were told: the history against which the tables are
/// checked.
///
/// Each sends its orders one at a time, under an idempotency key, through changing instances, and repeats the same
/// order until it is acknowledged, as a careful client does.
final class Regulars implements AutoCloseable {
    /// An order that was acknowledged.
    record Acknowledged(UUID customer, String key, String order, long seq) {}

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /// Of each customer between two orders, where servers start or ranges move beside them: on a machine that is busy
    /// to the last that takes minutes, and what is refused tells of the machine alone.
    static final Duration STEADY = Duration.ofMillis(100);

    private final List<Instance> doors;
    private final List<UUID> customers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Acknowledged> history = new ConcurrentLinkedQueue<>();
    private final Queue<String> hollow = new ConcurrentLinkedQueue<>();
    private final Map<UUID, AtomicInteger> acknowledged = new ConcurrentHashMap<>();
    private final Duration pause;
    private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
    private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closing = new AtomicBoolean();

    /// One order after the other.
    ///
    /// @param doors the instances that they send to; may change
    Regulars(int count, List<Instance> doors) throws IOException, InterruptedException {
        this(count, doors, Duration.ZERO);
    }

    /// @param pause of each customer between two orders
    Regulars(int count, List<Instance> doors, Duration pause) throws IOException, InterruptedException {
        this.doors = doors;
        this.pause = pause;
        for (int i = 0; i < count; i++) {
            UUID customer = UUID.randomUUID();
            Http.Answer created = Http.putCustomer(doors.get(i % doors.size()), customer);
            if (created.status() != 201) throw new AssertionError(created);
            customers.add(customer);
            acknowledged.put(customer, new AtomicInteger());
        }
        for (UUID customer : customers) threads.add(Thread.ofVirtual().start(() -> reorderUntilClosed(customer)));
    }

    private void reorderUntilClosed(UUID customer) {
        int door = Math.floorMod(customer.hashCode(), 1_000);
        while (!closing.get()) {
            String key = UUID.randomUUID().toString();
            while (!sent(customer, key, door(door++))) if (Thread.interrupted()) return;
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private Instance door(int number) {
        List<Instance> open = List.copyOf(doors);
        return open.get(number % open.size());
    }

    private boolean sent(UUID customer, String key, Instance door) {
        long sent = System.nanoTime();
        try {
            Http.Answer answer = Http.reorder(door, customer, key);
            nanos.add(System.nanoTime() - sent);
            if (answer.status() / 100 == 2 && !answer.body().contains("\"id\":")) {
                hollow.add(answer.status() + " " + answer.body() + " " + answer.headers());
                return false;
            }
            if (answer.status() == 201 || answer.status() == 200) {
                history.add(new Acknowledged(customer, key, answer.member("id"), Long.parseLong(answer.member("seq"))));
                acknowledged.get(customer).incrementAndGet();
                return true;
            }
            failed(answer.status() + " "
                    + answer.body().replaceFirst("(?s)\\{\"type\":\"([^\"]*)\".*\"detail\":\"([^\"]*)\".*", "$1 $2")
                    + " via " + answer.header("Via") + " owner " + answer.header("Plumb-Owner"));
        } catch (IOException e) {
            failed(e.toString());
        }
        return false;
    }

    private void failed(String how) {
        failures.computeIfAbsent(how, x -> new AtomicInteger()).incrementAndGet();
    }

    List<UUID> customers() {
        return customers;
    }

    /// Everything acknowledged so far.
    List<Acknowledged> history() {
        return List.copyOf(history);
    }

    /// Answers that say that it worked, and name no order: nobody knows what they are worth.
    List<String> hollow() {
        return List.copyOf(hollow);
    }

    /// How many orders each customer has been told of by now, at least.
    int leastAcknowledged() {
        return acknowledged.values().stream().mapToInt(AtomicInteger::get).min().orElse(0);
    }

    /// How many orders were acknowledged by now.
    int acknowledged() {
        return acknowledged.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /// Blocks until each has been told of so many more.
    void goOn(int more) {
        int before = leastAcknowledged();
        await("orders go on").atMost(PATIENCE).until(() -> leastAcknowledged() >= before + more);
    }

    /// Of all answers, in milliseconds: p50, p99, p99.9 and the longest.
    String latencies() {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return Stream.of(0.5, 0.99, 0.999, 1.0)
                .map(part -> sorted[(int) Math.min(sorted.length - 1L, Math.round(part * sorted.length))] / 1_000_000)
                .toList()
                .toString();
    }

    /// What went wrong on the way, and how often.
    Map<String, AtomicInteger> failures() {
        return failures;
    }

    /// Ends after the order that each is busy with.
    @Override
    public void close() {
        closing.set(true);
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofSeconds(20))) threads.forEach(Thread::interrupt);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

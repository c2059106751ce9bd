package cluster;

import demo.Instance;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Each changes the address of a customer again and again and reads it in between: a read may never be older than the
/// change that was acknowledged before it was sent.
final class Readers implements AutoCloseable {
    private final List<Instance> doors;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> stale = new ConcurrentLinkedQueue<>();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();

    private final Duration pause;

    /// One change after the other.
    Readers(int count, List<Instance> doors) throws IOException, InterruptedException {
        this(count, doors, Duration.ZERO);
    }

    /// @param pause of each between two changes
    Readers(int count, List<Instance> doors, Duration pause) throws IOException, InterruptedException {
        this.doors = doors;
        this.pause = pause;
        for (int i = 0; i < count; i++) {
            UUID customer = UUID.randomUUID();
            Http.putCustomer(doors.get(i % doors.size()), customer);
            threads.add(Thread.ofVirtual().start(() -> changeAndRead(customer)));
        }
    }

    private void changeAndRead(UUID customer) {
        long acknowledged = 0;
        for (long n = 1; !closing.get(); n++) {
            try {
                if (change(customer, n)) acknowledged = n;
                for (Instance door : doors) read(customer, door, acknowledged);
                LockSupport.parkNanos(pause.toNanos());
            } catch (IOException e) {
                // a fault: nothing was read
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean change(UUID customer, long n) throws IOException, InterruptedException {
        Instance door = doors.get((int) (n % doors.size()));
        return Http.send(Http.request(door, Http.customer(customer) + "/address")
                                .header("Content-Type", "application/json")
                                .PUT(BodyPublishers.ofString("{\"line\":\"street " + n + "\"}")))
                        .status()
                == 204;
    }

    private void read(UUID customer, Instance door, long acknowledged) throws IOException, InterruptedException {
        Http.Answer answer = Http.get(door, Http.customer(customer));
        if (answer.status() != 200) return;
        reads.incrementAndGet();
        String line = answer.member("line");
        long seen = line.startsWith("street ") ? Long.parseLong(line.substring("street ".length())) : 0;
        if (seen < acknowledged)
            stale.add(customer + " reads " + seen + " through " + door.name() + " after " + acknowledged + ", owner "
                    + answer.header("Plumb-Owner") + " epoch " + answer.header("Plumb-Epoch"));
    }

    long reads() {
        return reads.get();
    }

    List<String> stale() {
        return List.copyOf(stale);
    }

    @Override
    public void close() {
        closing.set(true);
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofSeconds(30))) thread.interrupt();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

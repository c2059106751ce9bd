package demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The regulars: become customers, then reorder their usual, each time through whichever instance. What they get is the
/// [Crew]'s business.
final class Pizzeria implements AutoCloseable {
    private static final int AT_ONCE = 16;
    private static final int IN_FLIGHT = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> NAMES =
            List.of("Ada", "Grace", "Edsger", "Barbara", "Tony", "Leslie", "Frances", "Ken", "Margaret", "Dennis");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "trickle");
        thread.setDaemon(true);
        return thread;
    });
    private final Random random = new Random(42); // the same customers at every start
    private final List<Instance> instances;
    private final List<UUID> customers;
    private final Crew crew;
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    Pizzeria(List<Instance> instances, int customers) {
        this.instances = instances;
        this.customers = random.ints(customers)
                .mapToObj(i -> new UUID(version4(random.nextLong()), variant(random.nextLong())))
                .toList();
        this.crew = new Crew(http, clock, path -> to(random.nextInt(instances.size()), path), random);
    }

    private static long version4(long bits) {
        return (bits & ~0xf000L) | 0x4000L;
    }

    private static long variant(long bits) {
        return (bits & 0x3fffffffffffffffL) | 0x8000000000000000L;
    }

    UUID someone() {
        return customers.getFirst();
    }

    /// Blocks until all are customers.
    void seed() {
        var failures = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < customers.size(); i++) {
                int number = i;
                threads.execute(() -> {
                    if (!become(number)) failures.incrementAndGet();
                });
            }
        }
        if (failures.get() > 0) throw new IllegalStateException(failures.get() + " customers could not be created");
    }

    private boolean become(int number) {
        String body = """
                {"name":"%s","address":{"line":"%d Main Street"},
                 "usual":{"pizza":"margherita","ingredients":["tomato","mozzarella","basil"]}}""".formatted(NAMES.get(number % NAMES.size()), number + 1);
        HttpRequest request = to(number, "/api/customers/" + customers.get(number))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, BodyHandlers.ofString()).statusCode() < 300;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Orders go out at this rate whatever becomes of them, at most 64 at a time.
    void trickle(int perSecond) {
        var inFlight = new Semaphore(IN_FLIGHT);
        clock.scheduleAtFixedRate(
                () -> order(inFlight), 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
    }

    private void order(Semaphore inFlight) {
        if (!inFlight.tryAcquire()) {
            failed.incrementAndGet();
            return;
        }
        UUID customer = customers.get(random.nextInt(customers.size()));
        HttpRequest request = to(random.nextInt(instances.size()), "/api/customers/" + customer + "/orders")
                .POST(BodyPublishers.noBody())
                .build();
        http.sendAsync(request, BodyHandlers.discarding()).whenComplete((answer, error) -> {
            inFlight.release();
            boolean done = error == null && answer.statusCode() == 201;
            (done ? answered : failed).incrementAndGet();
            if (done)
                answer.headers()
                        .firstValue("Location")
                        .map(URI::create)
                        .map(URI::getPath)
                        .ifPresent(crew::placed);
        });
    }

    private HttpRequest.Builder to(int instance, String path) {
        return HttpRequest.newBuilder(
                        URI.create(instances.get(instance % instances.size()).url() + path))
                .timeout(PATIENCE);
    }

    int answered() {
        return answered.get();
    }

    int failed() {
        return failed.get();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}

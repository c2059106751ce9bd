package demo;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The kitchen and the couriers: most orders are made and brought within a quarter of a minute, some are cancelled,
/// some lie about until somebody notices. No thread waits for anything: a clock sends, and answers come to the client's
/// own threads.
final class Crew {
    private static final int AT_ONCE = 1_000;
    private static final int TRIES = 5;
    private static final int CANCELLED_PERCENT = 3;
    private static final int FORGOTTEN_PERCENT = 2;
    private static final Duration PAUSE = Duration.ofMillis(2_500);
    private static final Duration FORGOTTEN = Duration.ofMinutes(2);

    /// What is done about an order.
    private record Step(String method, String path, String body) {
        static Step event(String kind) {
            return new Step("POST", "/events", "{\"kind\":\"" + kind + "\"}");
        }

        static Step courier(double lat, double lon) {
            return new Step("PUT", "/courier", "{\"lat\":" + lat + ",\"lon\":" + lon + "}");
        }

        static Step cancel() {
            return new Step("DELETE", "", "");
        }
    }

    private final HttpClient http;
    private final ScheduledExecutorService clock;
    private final Function<String, HttpRequest.Builder> door;
    private final Random random;
    private final Semaphore hands = new Semaphore(AT_ONCE);

    /// @param door leads to a path, through some instance
    Crew(HttpClient http, ScheduledExecutorService clock, Function<String, HttpRequest.Builder> door, Random random) {
        this.http = http;
        this.clock = clock;
        this.door = door;
        this.random = random;
    }

    /// Does not block. If all hands are full, nobody ever makes it.
    ///
    /// @param order its path
    void placed(String order) {
        if (!hands.tryAcquire()) return;
        int fate = random.nextInt(100);
        Duration first = fate < FORGOTTEN_PERCENT ? FORGOTTEN : PAUSE;
        boolean cancelled = fate >= 100 - CANCELLED_PERCENT;
        later(first, order, new ArrayDeque<>(cancelled ? List.of(Step.cancel()) : brought()), TRIES);
    }

    private List<Step> brought() {
        double lat = 52.5 + random.nextInt(100) / 1_000.0;
        double lon = 13.3 + random.nextInt(100) / 1_000.0;
        return List.of(
                Step.event("PREPARING"),
                Step.event("BAKED"),
                Step.event("OUT"),
                Step.courier(lat, lon),
                Step.event("DELIVERED"));
    }

    private void later(Duration pause, String order, Deque<Step> steps, int tries) {
        clock.schedule(() -> take(order, steps, tries), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// What fails is tried again through another instance, a few times: then the order is left where it is.
    private void take(String order, Deque<Step> steps, int tries) {
        http.sendAsync(request(order, steps.element()), BodyHandlers.discarding())
                .whenComplete((answer, error) -> {
                    boolean done = error == null && answer.statusCode() == 204;
                    if (done) steps.remove();
                    if (steps.isEmpty() || tries == 0) hands.release();
                    else later(PAUSE, order, steps, done ? TRIES : tries - 1);
                });
    }

    private HttpRequest request(String order, Step step) {
        return door.apply(order + step.path())
                .header("Content-Type", "application/json")
                .method(step.method(), BodyPublishers.ofString(step.body()))
                .build();
    }
}

package plumb.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.Deadline;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;

/// Clients whose bodies take as long as they like, on their way to another instance.
@Timeout(60)
class SlowClientsTest {
    private static final int MORE_THAN_PLACES = 12;

    private final Neighbours neighbours = new Neighbours();
    private final Semaphore awaited = new Semaphore(0);
    private final CountDownLatch arrived = new CountDownLatch(1);

    @AfterEach
    void end() {
        arrived.countDown();
        neighbours.close();
    }

    private Course put(InputStream body) {
        var request = new HopRequest(
                "PUT",
                "/api/customers/joe",
                null,
                new Headers(),
                "http",
                "127.0.0.1",
                new HopBody(body, Neighbours.SETTINGS.bufferLimit()));
        Deadline deadline = Deadline.in(Duration.ofSeconds(30), System.nanoTime());
        return neighbours.steering.steer(
                new Arrival(new Key(Neighbours.DOMAIN, "joe"), request, deadline, null, false, false));
    }

    /// Its end is there when the test says so.
    private InputStream slow(int bytesAtOnce) {
        return new SequenceInputStream(new ByteArrayInputStream(new byte[bytesAtOnce]), new InputStream() {
            @Override
            public int read() throws InterruptedIOException {
                awaited.release();
                try {
                    arrived.await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
                return -1;
            }
        });
    }

    private List<CompletableFuture<Course>> manySlow(int bytesAtOnce) {
        var courses = new ArrayList<CompletableFuture<Course>>();
        for (int i = 0; i < MORE_THAN_PLACES; i++) {
            var course = new CompletableFuture<Course>();
            Thread.ofVirtual().start(() -> course.complete(put(slow(bytesAtOnce))));
            courses.add(course);
        }
        return courses;
    }

    private void ownedByAPeer() {
        neighbours.owns(
                neighbours.peer("b", exchange -> Neighbours.answer(exchange, 200, "text/plain", "")),
                1,
                KeyRange.ALL,
                1);
    }

    private static int status(Course course) {
        return switch (course) {
            case Course.Relayed relayed -> relayed.answer().status();
            case Course.Refused refused -> refused.problem().status();
            default -> throw new AssertionError(course);
        };
    }

    @Test
    void theyHoldNoPlaceBeforeTheirBodyIsThere() throws Exception {
        ownedByAPeer();
        List<CompletableFuture<Course>> slow = manySlow(10);
        assertThat(awaited.tryAcquire(MORE_THAN_PLACES, 30, TimeUnit.SECONDS)).isTrue();

        assertThat(status(put(new ByteArrayInputStream("a body".getBytes(UTF_8)))))
                .isEqualTo(200);

        assertThat(slow).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void thoseWithLongBodiesHoldNoMoreThanAPartOfThePlaces() throws Exception {
        ownedByAPeer();
        List<CompletableFuture<Course>> slow = manySlow(Neighbours.SETTINGS.bufferLimit() + 1);
        assertThat(awaited.tryAcquire(1, 30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture.anyOf(slow.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);

        assertThat(status(put(new ByteArrayInputStream("a body".getBytes(UTF_8)))))
                .isEqualTo(200);

        arrived.countDown();
        for (CompletableFuture<Course> each : slow)
            assertThat(status(each.get(30, TimeUnit.SECONDS))).isIn(200, 503);
    }
}

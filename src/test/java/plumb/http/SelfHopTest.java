package plumb.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.Deadline;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.ownership.InstanceRow;

/// Requests of an instance to itself, over real connections.
class SelfHopTest {
    private static final Key EXAMPLE = new Key(Neighbours.DOMAIN, "0");

    private final Neighbours neighbours = new Neighbours();
    private final List<Course> courses = new CopyOnWriteArrayList<>();
    private InstanceRow self = Neighbours.row(neighbours.me, "me", "http://127.0.0.1:1");

    @BeforeEach
    void thisInstanceHasAnAddress() {
        self = neighbours.meAnswering(this::steer);
        neighbours.owns(null, 1, KeyRange.ALL, 1); // a table in which it lives
    }

    @AfterEach
    void end() {
        neighbours.close();
    }

    @Test
    void theyEnterAlthoughNothingIsOwned() {
        neighbours.selfHop.open(self);

        assertThat(get()).isTrue();

        assertThat(courses).hasSize(1);
        assertThat(courses.getFirst())
                .isInstanceOfSatisfying(
                        Course.Here.class,
                        here -> assertThat(here.route())
                                .isEqualTo(neighbours.selfHop.route(arrival(new Headers().add(SelfHop.HEADER, word)))));
    }

    @Test
    void afterwardsTheyAreLikeAnybodys() {
        neighbours.selfHop.open(self);
        get();
        neighbours.selfHop.close();

        assertThat(get()).isFalse();
        Course late = neighbours.steering.steer(arrival(new Headers().add(SelfHop.HEADER, word)));
        assertThat(late).isInstanceOf(Course.Refused.class);
    }

    @Test
    void nobodyElseKnowsTheWord() {
        neighbours.selfHop.open(self);
        for (Headers headers : List.of(new Headers(), new Headers().add(SelfHop.HEADER, "guessed")))
            assertThat(neighbours.steering.steer(arrival(headers))).isInstanceOf(Course.Refused.class);
    }

    @Test
    void whoDoesNotAnswerIsNotWaitedForLongerThanTheDeadline() {
        InstanceRow silent = neighbours.meAnswering(exchange -> {
            throw new IOException("the test wants it");
        });
        neighbours.selfHop.open(silent);

        assertThat(get()).isFalse();
    }

    private volatile String word = "";

    private boolean get() {
        return neighbours.selfHop.get(EXAMPLE, "/api/customers/0", soon());
    }

    /// What the filter does with a request.
    private void steer(HttpExchange exchange) throws IOException {
        Headers headers = Headers.of(exchange.getRequestHeaders());
        word = String.valueOf(headers.single(SelfHop.HEADER));
        Course course = neighbours.steering.steer(arrival(headers));
        courses.add(course);
        if (course instanceof Course.Here here) here.pass().leave();
        Neighbours.answer(exchange, course instanceof Course.Here ? 404 : 421, "application/problem+json", "{}");
    }

    private static Arrival arrival(Headers headers) {
        String forward = headers.single(Hop.FORWARD);
        var body = new HopBody(InputStream.nullInputStream(), 0);
        var request = new HopRequest("GET", "/api/customers/0", null, headers, "http", "127.0.0.1", body);
        Hop hop = forward == null ? null : Hop.parse(forward).orElse(null);
        return new Arrival(EXAMPLE, request, soon(), hop, false, false);
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(10), System.nanoTime());
    }
}

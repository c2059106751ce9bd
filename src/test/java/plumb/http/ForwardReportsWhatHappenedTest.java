package plumb.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import plumb.Deadline;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.ownership.InstanceInfo;
import plumb.ownership.InstanceRow;
import plumb.ownership.LeaseTable.RangePage;
import plumb.routing.Route;
import plumb.routing.Routes;

/// The hop is cut at each byte, of the request and of the answer: what is said of it must agree with what the peer did.
class ForwardReportsWhatHappenedTest {
    private static final String ANSWER = """
            HTTP/1.1 201 Created\r
            Plumb-Owner: peer\r
            Content-Type: application/json\r
            Content-Length: 11\r
            \r
            {"seq": 17}""";
    private static final String BODY = "an order";
    private static final HttpSettings SETTINGS = new HttpSettings(
            "me",
            Duration.ofMillis(300),
            4,
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            4,
            4,
            1_024,
            4_096,
            HttpSettings.Routing.FORWARD,
            "",
            1,
            Map.of());

    private final Routes routes = new Routes();
    private final Forwarder forwarder = new Forwarder(
            SETTINGS,
            new HopSigner(SETTINGS, InstantSource.system()),
            routes,
            new HttpStats(),
            System::nanoTime,
            peer -> {});

    @AfterEach
    void close() {
        forwarder.close();
    }

    /// Reads so much of the request (null: all of it), applies it if that is all, and answers with so much.
    private final class Peer implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final AtomicInteger applied = new AtomicInteger();
        private final Thread listener;

        Peer(String answer) throws IOException {
            this(Integer.MAX_VALUE, answer);
        }

        Peer(int requestBytes, int answerBytes) throws IOException {
            this(requestBytes, ANSWER.substring(0, answerBytes));
        }

        private Peer(int requestBytes, String answer) throws IOException {
            listener = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    if (read(socket.getInputStream(), requestBytes)) {
                        applied.incrementAndGet();
                        socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
                    }
                } catch (IOException e) {
                    // the client went away first
                }
            });
        }

        private boolean read(InputStream in, int most) throws IOException {
            var text = new StringBuilder();
            while (text.length() < most && text.indexOf("\r\n\r\n" + BODY) < 0) {
                int next = in.read();
                if (next < 0) return false;
                text.append((char) next);
            }
            return text.indexOf("\r\n\r\n" + BODY) >= 0;
        }

        HopResult ask() {
            var owner = new InstanceRow(
                    new Incarnation(UUID.randomUUID()),
                    new InstanceInfo("peer", "http://127.0.0.1:" + server.getLocalPort(), "", "1"),
                    InstanceRow.State.ALIVE,
                    0);
            routes.publish(routes.current()
                    .with(null, new RangePage(List.of(), 1), Map.of(owner.incarnation(), owner))); // it is alive
            var request = new HopRequest(
                    "POST",
                    "/api/x",
                    null,
                    new Headers(),
                    "http",
                    "127.0.0.1",
                    new HopBody(new ByteArrayInputStream(BODY.getBytes(ISO_8859_1)), 1_024));
            return forwarder.forward(
                    request,
                    new Route.Remote("customer", new RangeId(1), KeyRange.ALL, new Epoch(1), owner),
                    Deadline.in(Duration.ofSeconds(5), System.nanoTime()));
        }

        /// Returns when nobody listens any more: the port of a virtual thread that accepts stays open until that thread
        /// has woken.
        @Override
        public void close() throws IOException, InterruptedException {
            server.close();
            listener.join();
        }
    }

    @Test
    void anAnswerThatIsCutAnywhereIsUnknownAndAWholeOneIsTheAnswer() throws Exception {
        for (int bytes = 0; bytes <= ANSWER.length(); bytes++) {
            try (var peer = new Peer(Integer.MAX_VALUE, bytes)) {
                HopResult result = peer.ask();

                if (bytes == ANSWER.length()) assertThat(result).isInstanceOf(HopResult.Answered.class);
                else assertUnknown(result, "answer cut after " + bytes + " bytes");
                assertThat(peer.applied).hasValue(1);
            }
        }
    }

    @Test
    void anAnswerThatDoesNotSayWhereItEndsProvesNothing() throws Exception {
        try (var peer = new Peer(ANSWER.replace("Content-Length: 11", "X-Length: 11"))) {
            assertUnknown(peer.ask(), "no length");
        }
    }

    @Test
    void aRequestThatIsCutAnywhereIsUnknownAtMost() throws Exception {
        int whole = 2_000; // no request of this test is longer
        for (int bytes = 1; bytes < whole; bytes += 7) {
            try (var peer = new Peer(bytes, 0)) {
                assertUnknown(peer.ask(), "request cut after " + bytes + " bytes");
            }
        }
    }

    @Test
    void onlyWhatNobodyHeardIsNotApplied() throws Exception {
        var gone = new Peer(0, 0);
        gone.close();

        assertThat(gone.ask()).isEqualTo(new HopResult.Failed(HopFailure.REFUSED));
    }

    private static void assertUnknown(HopResult result, String when) {
        assertThat(result).as(when).isInstanceOf(HopResult.Failed.class);
        assertThat(((HopResult.Failed) result).failure().mayBeApplied())
                .as(when + ": " + result)
                .isTrue();
    }
}

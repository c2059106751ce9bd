package plumb.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import plumb.Deadline;

class UploadsTest {
    private static final byte[] BODY = "0123456789".getBytes(UTF_8);

    private long now;
    private final Uploads uploads = new Uploads(10, 1, () -> now);
    private final Deadline soon = Deadline.in(Duration.ofSeconds(1), 0);

    private static int status(IOException refused) {
        return ((Uploads.Refused) refused).problem().status();
    }

    /// Of whose bytes none is there before somebody waits for it.
    private static InputStream late(byte[] bytes) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int available() {
                return 0;
            }
        };
    }

    private static int refusal(InputStream body) {
        try {
            body.readAllBytes();
            return 0;
        } catch (IOException e) {
            return status(e);
        }
    }

    @Test
    void aBodyOfAllowedLengthIsRead() throws Exception {
        assertThat(uploads.ofClient(new ByteArrayInputStream(BODY), 10, soon).readAllBytes())
                .isEqualTo(BODY);
    }

    @Test
    void aLongerOneIsNotReadToItsEnd() {
        assertThat(refusal(uploads.ofClient(new ByteArrayInputStream(new byte[11]), -1, soon)))
                .isEqualTo(413);
    }

    /// WildFly's would be read to its end then.
    @Test
    void whoHasReadEnoughDoesNotCloseTheServersStream() throws Exception {
        var closed = new AtomicBoolean();
        InputStream body = uploads.ofClient(
                new ByteArrayInputStream(BODY) {
                    @Override
                    public void close() {
                        closed.set(true);
                    }
                },
                10,
                soon);

        body.close();

        assertThat(closed).isFalse();
    }

    @Test
    void whatComesDropByDropIsGivenUpAtTheDeadline() throws Exception {
        InputStream body = uploads.ofClient(late(BODY), 10, soon);

        assertThat(body.read()).isEqualTo('0');
        now = Duration.ofSeconds(2).toNanos();

        assertThat(refusal(body)).isEqualTo(408);
    }

    @Test
    void whoMustWaitNeedsAPlaceAndGivesItBack() throws Exception {
        InputStream other = uploads.ofClient(late(BODY), 10, soon);
        InputStream first = uploads.ofClient(
                new FilterInputStream(late(BODY)) {
                    @Override
                    public int read() throws IOException {
                        assertThat(refusal(other)).isEqualTo(503);
                        return super.read();
                    }
                },
                10,
                soon);

        assertThat(first.read()).isEqualTo('0');
        assertThat(other.read()).as("afterwards").isEqualTo('0');
    }

    @Test
    void whoNeedNotWaitNeedsNone() throws Exception {
        var none = new Uploads(10, 0, () -> now);

        assertThat(none.ofClient(new ByteArrayInputStream(BODY), 10, soon).readAllBytes())
                .as("it is there, and after it nothing is waited for")
                .isEqualTo(BODY);
        assertThat(none.ofClient(late(new byte[0]), 0, soon).readAllBytes())
                .as("no body")
                .isEmpty();
        assertThat(none.ofPeer(late(BODY), soon).readAllBytes()).as("a peer's").isEqualTo(BODY);
        assertThat(refusal(none.ofClient(late(BODY), 10, soon))).isEqualTo(503);
    }

    @Test
    void aStreamThatBreaksIsTheClientsFault() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        };

        assertThatThrownBy(() -> uploads.ofClient(broken, 10, soon).read()).isInstanceOf(HopBody.ClientGone.class);
    }

    @Test
    void lengthsAreReadFromHeads() {
        assertThat(ContentLength.of(null, null)).isZero();
        assertThat(ContentLength.of("12", null)).isEqualTo(12);
        assertThat(ContentLength.of(null, "chunked")).isEqualTo(-1);
        assertThat(ContentLength.of("rubbish", null)).isEqualTo(-1);
        assertThat(uploads.isTooLarge(ContentLength.of("99999999999999999999", null)))
                .isTrue();
    }
}

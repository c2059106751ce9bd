package plumb.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// The owner's answer, to be relayed: whole and in memory if it is small, so that it either came or did not; else
/// streamed. Used by one thread at a time.
final class HopAnswer {
    private final int status;
    private final Headers headers;
    private final byte[] head;
    private final @Nullable InputStream rest;
    private final Runnable release;

    private HopAnswer(int status, Headers headers, byte[] head, @Nullable InputStream rest, Runnable release) {
        this.status = status;
        this.headers = headers;
        this.head = head;
        this.rest = rest;
        this.release = release;
    }

    static HopAnswer whole(int status, Headers headers, byte[] body) {
        return new HopAnswer(status, headers, body, null, () -> {});
    }

    /// @param release gives the connection back; must be harmless if repeated
    static HopAnswer streamed(int status, Headers headers, byte[] head, InputStream rest, Runnable release) {
        return new HopAnswer(status, headers, head, rest, release);
    }

    int status() {
        return status;
    }

    /// End to end only, with our `Via`.
    Headers headers() {
        return headers;
    }

    boolean isWhole() {
        return rest == null;
    }

    boolean isEmpty() {
        return isWhole() && head.length == 0;
    }

    /// The whole body, or the beginning of a streamed one.
    byte[] head() {
        return head;
    }

    /// Writes the body and releases the connection. Blocks.
    void writeTo(OutputStream out) throws IOException {
        try {
            out.write(head);
            if (rest != null) rest.transferTo(out);
        } finally {
            release();
        }
    }

    /// Gives the connection back, read or not. Harmless if repeated.
    void release() {
        release.run();
    }
}

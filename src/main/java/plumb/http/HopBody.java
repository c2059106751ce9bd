package plumb.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A request's body on its way to another instance: read up to the buffer limit, so that it can be sent again; what is
/// longer is streamed once. Nothing is read before it is needed. Used by the request's thread alone.
final class HopBody {
    /// The caller's own stream broke, so no complete request was sent to anybody.
    static final class ClientGone extends IOException {
        private static final long serialVersionUID = 1;

        ClientGone(IOException cause) {
            super(cause);
        }
    }

    private final InputStream body;
    private final int bufferLimit;
    private byte @Nullable [] head;
    private boolean streamed;

    HopBody(InputStream body, int bufferLimit) {
        this.body = body;
        this.bufferLimit = bufferLimit;
    }

    /// True: it can be sent (again), because nothing of it is lost yet.
    boolean canBeSent() {
        return !streamed;
    }

    boolean isTouched() {
        return head != null;
    }

    /// The length in bytes, or -1: longer than what is kept. Blocks while it reads that much.
    long length() throws IOException {
        byte[] start = head();
        return isWhole(start) ? start.length : -1;
    }

    /// `sha-256=:…:`; null: it is longer than what is kept. Blocks while it reads that much.
    @Nullable
    String digest() throws IOException {
        byte[] start = head();
        return isWhole(start) ? "sha-256=:" + Base64.getEncoder().encodeToString(sha256(start)) + ":" : null;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    void writeTo(OutputStream out) throws IOException {
        byte[] start = head();
        streamed = !isWhole(start);
        out.write(start);
        if (streamed) body.transferTo(out);
    }

    /// For a resource method here, after all.
    InputStream stream() throws IOException {
        byte[] start = head();
        streamed = !isWhole(start);
        var first = new ByteArrayInputStream(start);
        return streamed ? new SequenceInputStream(first, body) : first;
    }

    private boolean isWhole(byte[] start) {
        return start.length <= bufferLimit;
    }

    private byte[] head() throws IOException {
        byte[] start = head;
        if (start == null) {
            start = body.readNBytes(bufferLimit + 1);
            head = start;
        }
        return start;
    }
}

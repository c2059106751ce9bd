package plumb.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A request's body that fails once it is longer than allowed. Used by one thread.
final class Limited extends FilterInputStream {
    private final long limit;
    private long seen;

    Limited(InputStream body, long limit) {
        super(body);
        this.limit = limit;
    }

    /// The body is longer than allowed (413).
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;
        private final long limit;

        TooLarge(long limit) {
            super("the body has more than " + limit + " bytes");
            this.limit = limit;
        }

        Problem problem() {
            return Problem.of(413, "body-too-large", "The body is larger than " + limit + " bytes.");
        }
    }

    @Override
    public int read() throws IOException {
        int read;
        try {
            read = super.read();
        } catch (IOException e) {
            throw new HopBody.ClientGone(e);
        }
        if (read >= 0) count(1);
        return read;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        int read;
        try {
            read = super.read(into, from, most);
        } catch (IOException e) {
            throw new HopBody.ClientGone(e);
        }
        if (read > 0) count(read);
        return read;
    }

    @Override
    public long skip(long most) throws IOException {
        long skipped = super.skip(most);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long read) throws TooLarge {
        seen += read;
        if (seen > limit) throw new TooLarge(limit);
    }
}

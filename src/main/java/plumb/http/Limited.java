package plumb.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import plumb.Deadline;

/// A request's body that fails once it is longer than allowed, or later. Used by one thread.
final class Limited extends FilterInputStream {
    private final Uploads uploads;
    private final Deadline deadline;
    private final long announced;
    private long seen;

    /// @param announced how many bytes may have to be waited for; -1: not known
    Limited(InputStream body, Uploads uploads, Deadline deadline, long announced) {
        super(body);
        this.uploads = uploads;
        this.deadline = deadline;
        this.announced = announced;
    }

    @FunctionalInterface
    private interface Read {
        int now() throws IOException;
    }

    @Override
    public int read() throws IOException {
        int read = awaited(super::read);
        if (read >= 0) count(1);
        return read;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        int read = awaited(() -> super.read(into, from, most));
        if (read > 0) count(read);
        return read;
    }

    private int awaited(Read read) throws IOException {
        uploads.checkTime(deadline);
        boolean waits = (announced < 0 || seen < announced) && isEmpty();
        if (waits) uploads.beginToWait();
        try {
            return read.now();
        } catch (IOException e) {
            throw new HopBody.ClientGone(e);
        } finally {
            if (waits) uploads.endToWait();
        }
    }

    private boolean isEmpty() throws HopBody.ClientGone {
        try {
            return super.available() <= 0;
        } catch (IOException e) {
            throw new HopBody.ClientGone(e);
        }
    }

    /// The server ends it. One of them would read it to its end here, however long that takes.
    @Override
    public void close() {}

    @Override
    public long skip(long most) throws IOException {
        return 0; // reading is the one way
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long read) throws Uploads.Refused {
        seen += read;
        uploads.checkLength(seen);
    }
}

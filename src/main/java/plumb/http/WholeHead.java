package plumb.http;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/// Reads the head of an answer, and takes it only if its end was there: the library's own parser is content with what
/// had arrived when the connection broke, and would make an owner's answer of half a head.
final class WholeHead extends DefaultHttpResponseParser {
    WholeHead(Http1Config config) {
        super(config);
    }

    @Override
    public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in) throws IOException, HttpException {
        return super.parse(new Lines(buffer), in);
    }

    /// An end before the first line means that nobody answered, which the parser knows; one after it is a cut.
    private static final class Lines implements SessionInputBuffer {
        private final SessionInputBuffer buffer;
        private boolean begun;

        Lines(SessionInputBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public int readLine(CharArrayBuffer line, InputStream in) throws IOException {
            int read = buffer.readLine(line, in);
            if (read < 0 && begun) throw new ConnectionClosedException("the answer broke off in its head");
            begun = true;
            return read;
        }

        @Override
        public int length() {
            return buffer.length();
        }

        @Override
        public int capacity() {
            return buffer.capacity();
        }

        @Override
        public int available() {
            return buffer.available();
        }

        @Override
        public int read(byte[] into, int from, int length, InputStream in) throws IOException {
            return buffer.read(into, from, length, in);
        }

        @Override
        public int read(byte[] into, InputStream in) throws IOException {
            return buffer.read(into, in);
        }

        @Override
        public int read(InputStream in) throws IOException {
            return buffer.read(in);
        }

        @Override
        public HttpTransportMetrics getMetrics() {
            return buffer.getMetrics();
        }
    }
}

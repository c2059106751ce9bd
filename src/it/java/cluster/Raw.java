package cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import demo.Instance;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A connection on which anything may be said, also what no client library would send.
final class Raw implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;

    Raw(Instance to) throws IOException {
        this(to.port());
    }

    Raw(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// What came back. Status 0: the connection was closed without an answer.
    record Answer(int status, String head, String body) {
        String header(String name) {
            Matcher field = Pattern.compile("(?im)^" + name + ": *(.*)$").matcher(head);
            return field.find() ? field.group(1).strip() : "";
        }

        String all() {
            return head + body;
        }
    }

    /// One request, one answer.
    static Answer ask(Instance to, String... request) throws IOException {
        try (var connection = new Raw(to)) {
            connection.say(String.join("", request));
            return connection.answer();
        }
    }

    /// A request without a body, as it should be except for its target.
    static Answer get(Instance to, String target) throws IOException {
        return ask(to, "GET " + target + " HTTP/1.1\r\nHost: shop.example\r\n\r\n");
    }

    /// A request with a JSON body.
    static String json(String line, String body, String... headers) {
        return line + " HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(ISO_8859_1).length + "\r\n" + lines(headers) + "\r\n" + body;
    }

    static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }

    /// Each character is a byte. That nobody listens any more is not an error here.
    void say(String text) {
        say(text.getBytes(ISO_8859_1));
    }

    void say(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // it was refused before its end
        }
    }

    /// Nothing more will be said.
    void end() throws IOException {
        socket.shutdownOutput();
    }

    /// Whether its beginning is there, or the end of the connection.
    boolean hasAnswer() throws IOException {
        in.mark(1);
        socket.setSoTimeout(1);
        try {
            in.read();
            in.reset();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    /// The next answer.
    Answer answer() throws IOException {
        String head = head();
        if (head.isEmpty()) return new Answer(0, "", "");
        int status = Integer.parseInt(head.substring(9, 12));
        String lower = head.toLowerCase(Locale.ROOT);
        Matcher length = Pattern.compile("content-length: *(\\d+)").matcher(lower);
        if (length.find()) return new Answer(status, head, text(in.readNBytes(Integer.parseInt(length.group(1)))));
        return new Answer(status, head, lower.contains("transfer-encoding: chunked") ? chunks() : "");
    }

    private String head() throws IOException {
        var head = new StringBuilder();
        try {
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) return "";
                head.append((char) next);
            }
        } catch (SocketException e) {
            return ""; // it was reset: the server did not want to hear the rest
        }
        return head.toString();
    }

    private String chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            body.write(in.readNBytes(size));
            line();
            if (size == 0) return text(body.toByteArray());
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) line.append((char) next);
        return line.toString().strip();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

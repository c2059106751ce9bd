package plumb.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A network before Postgres that breaks around the first message with a given text in it. The driver sends a statement
/// in one piece, and its text with the first use of it on a connection.
public final class CuttingProxy implements AutoCloseable {
    /// Where it breaks. The client sees a closed connection each time.
    public enum Cut {
        /// The message never arrives.
        BEFORE,
        /// The message arrives and its answer is lost.
        AFTER,
        /// The message arrives when everybody has forgotten it.
        LATE
    }

    private record Plan(String text, Cut cut) {}

    private final ServerSocket server;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch late = new CountDownLatch(1);
    private volatile @Nullable Plan plan;
    private volatile boolean forGood;

    /// @param port Postgres'
    public CuttingProxy(int port) throws IOException {
        this.port = port;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /// Once: what comes afterwards passes.
    public void cut(Cut cut, String text) {
        plan = new Plan(text, cut);
    }

    /// As [#cut], and from then on there is no way to Postgres at all.
    public void cutForGood(Cut cut, String text) {
        forGood = true;
        cut(cut, text);
    }

    /// Lets the late message arrive.
    public void deliver() {
        late.countDown();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                sockets.add(client);
                if (forGood && plan == null) {
                    client.close();
                    continue;
                }
                var postgres = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(postgres);
                new Line(client, postgres).open();
            }
        } catch (IOException e) {
            // closed
        }
    }

    private final class Line {
        private final Socket client;
        private final Socket postgres;
        private final CountDownLatch answered = new CountDownLatch(1);
        private volatile boolean answersAreLost;

        Line(Socket client, Socket postgres) {
            this.client = client;
            this.postgres = postgres;
        }

        void open() {
            Thread.ofVirtual().start(this::questions);
            Thread.ofVirtual().start(this::answers);
        }

        private void questions() {
            try (client;
                    postgres) {
                InputStream in = client.getInputStream();
                OutputStream out = postgres.getOutputStream();
                var buffer = new byte[1 << 16];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    Plan now = plan;
                    if (now != null && text(buffer, n).contains(now.text())) {
                        plan = null;
                        if (forGood) cutOthers();
                        cut(now.cut(), out, buffer, n);
                        return;
                    }
                    out.write(buffer, 0, n);
                }
            } catch (IOException e) {
                // one end went away
            }
        }

        private void cutOthers() throws IOException {
            for (Socket socket : sockets) if (socket != client && socket != postgres) socket.close();
        }

        /// Postgres' end stays open until it has answered: a message must not be lost because its sender is gone.
        private void cut(Cut cut, OutputStream out, byte[] message, int length) throws IOException {
            if (cut == Cut.BEFORE) return;
            answersAreLost = true;
            if (cut == Cut.LATE) {
                client.close();
                await(late);
            }
            out.write(message, 0, length);
            await(answered);
        }

        private void answers() {
            try (client;
                    postgres) {
                InputStream in = postgres.getInputStream();
                OutputStream out = client.getOutputStream();
                var buffer = new byte[1 << 16];
                for (int n = in.read(buffer); n >= 0 && !answersAreLost; n = in.read(buffer)) out.write(buffer, 0, n);
            } catch (IOException e) {
                // one end went away
            } finally {
                answered.countDown();
            }
        }
    }

    private static String text(byte[] message, int length) {
        return new String(message, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        deliver();
        try {
            server.close();
            for (Socket socket : sockets) socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A network between two processes that can be cut, and can stall: then nobody is told anything, and what was under way
/// arrives when the stall is over. When nobody listens at its end, or when told so, it refuses connections. It can be
/// led elsewhere, and listened in on.
final class Wire implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final int port;
    private volatile int target;
    private volatile boolean refusing;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flowing = lock.newCondition();
    private boolean stalled; // guarded by lock
    private volatile @Nullable ByteArrayOutputStream overheard;

    /// To a port of this machine.
    Wire(int target) {
        this.target = target;
        this.server = listen(0);
        this.port = server.getLocalPort();
        Thread.ofPlatform().daemon().name("wire").start(this::accept);
    }

    private static ServerSocket listen(int port) {
        try {
            return new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /// What is said from now on on its way to the target, all connections in one.
    void listenIn() {
        overheard = new ByteArrayOutputStream();
    }

    /// What was said since then. Nobody listens any more.
    String heard() {
        ByteArrayOutputStream heard = Objects.requireNonNull(overheard);
        overheard = null;
        return heard.toString(ISO_8859_1);
    }

    /// Every connection breaks now; new ones are possible.
    void cut() {
        sockets.forEach(Wire::close);
    }

    /// Leads to another port of this machine; what is connected breaks.
    void leadTo(int other) {
        target = other;
        cut();
    }

    /// Whoever is connected is cut off, and whoever connects is refused, as if no process was there.
    void refuse() {
        refusing = true;
        close(server);
        cut();
    }

    void stall() {
        lock.lock();
        try {
            stalled = true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends a stall and a refusal.
    void flow() {
        refusing = false;
        lock.lock();
        try {
            stalled = false;
            flowing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (closed.getCount() > 0) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                awaitTarget(); // it was closed because nobody listens at the other end, or for good
            }
        }
    }

    private void connect(Socket client) {
        try {
            awaitFlow();
            var far = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(far);
            if (refusing) cut(); // it came between
            Thread.ofVirtual().start(() -> pump(client, far, true));
            pump(far, client, false);
        } catch (IOException e) {
            close(client); // nobody there: who asked sees a connection that ends at once, the next one none
            close(server);
        }
    }

    private void awaitTarget() {
        try {
            while (!closed.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                if (refusing) continue;
                try (var there = new Socket(InetAddress.getLoopbackAddress(), target)) {
                    server = listen(port);
                    return;
                } catch (IOException e) {
                    // not yet
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Socket from, Socket to, boolean toTarget) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var buffer = new byte[1 << 14];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                awaitFlow();
                ByteArrayOutputStream listener = overheard;
                if (toTarget && listener != null) listener.write(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // one end went away
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void awaitFlow() {
        lock.lock();
        try {
            while (stalled) flowing.awaitUninterruptibly();
        } finally {
            lock.unlock();
        }
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // gone already
        }
    }

    @Override
    public void close() {
        closed.countDown();
        close(server);
        flow();
        cut();
    }
}

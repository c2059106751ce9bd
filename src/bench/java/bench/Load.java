package bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/// Sends requests. Closed loop: so many clients, each waits for its answer before it sends again. Open loop: so many
/// requests per second on a fixed schedule; each is timed from the moment at which it *should* have been sent, so a
/// stall counts in full.
final class Load implements AutoCloseable {
    private static final long HIGHEST_MICROS = Duration.ofSeconds(60).toNanos() / 1_000;

    private final CloseableHttpClient http;

    Load(int connections) {
        http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(connections * 3)
                        .setMaxConnPerRoute(connections)
                        .build())
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .build();
    }

    /// What a run came to.
    record Result(long done, long failed, Histogram micros, double seconds) {
        double perSecond() {
            return done / seconds;
        }
    }

    /// Makes the next request.
    interface Source {
        HttpUriRequestBase next(ThreadLocalRandom random);
    }

    Result closed(int clients, Duration time, Source source) throws InterruptedException {
        var run = new Run();
        long begun = System.nanoTime();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < clients; i++)
            threads.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() - begun < time.toNanos()) run.send(source, System.nanoTime());
            }));
        return run.result(threads, begun);
    }

    Result open(double perSecond, int clients, Duration time, Source source) throws InterruptedException {
        var run = new Run();
        long begun = System.nanoTime();
        var next = new AtomicLong();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < clients; i++)
            threads.add(Thread.ofVirtual().start(() -> {
                while (true) {
                    long due = begun + (long) (next.getAndIncrement() * 1e9 / perSecond);
                    if (due - begun >= time.toNanos()) return;
                    while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
                    run.send(source, due);
                }
            }));
        return run.result(threads, begun);
    }

    /// One request whose answer must be a good one.
    void once(HttpUriRequestBase request) {
        try {
            int status = http.execute(request, response -> {
                EntityUtils.consume(response.getEntity());
                return response.getCode();
            });
            if (status >= 300) throw new IllegalStateException(request + " was answered by " + status);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private final class Run {
        private final Histogram micros = new ConcurrentHistogram(HIGHEST_MICROS, 3);
        private final LongAdder failed = new LongAdder();

        void send(Source source, long from) {
            try {
                int status = http.execute(source.next(ThreadLocalRandom.current()), response -> {
                    EntityUtils.consume(response.getEntity());
                    return response.getCode();
                });
                if (status >= 300) failed.increment();
                else micros.recordValue(Math.min(HIGHEST_MICROS, (System.nanoTime() - from) / 1_000));
            } catch (IOException e) {
                failed.increment();
            }
        }

        Result result(List<Thread> threads, long begun) throws InterruptedException {
            for (Thread thread : threads) thread.join();
            double seconds = (System.nanoTime() - begun) / 1e9;
            return new Result(micros.getTotalCount(), failed.sum(), micros, seconds);
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}

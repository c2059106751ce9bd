package bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/// Sends requests. Closed loop: so many clients, each waits for its answer before it sends again. Open loop: so many
/// requests per second on a fixed schedule; each is timed from the moment at which it *should* have been sent, so a
/// stall counts in full.
public final class Load implements AutoCloseable {
    private static final long HIGHEST_MICROS = Duration.ofSeconds(60).toNanos() / 1_000;

    /// Of an answer by servers that know no epochs.
    private static final long UNKNOWN_EPOCH = -1;

    private static final int AT_ONCE = 16;
    private static final Pattern NUMBERS = Pattern.compile("[0-9a-f]{4}[0-9a-f-]{8,}|[0-9]+");

    private final CloseableHttpClient http;

    public Load(int connections) {
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
    ///
    /// @param refusals how many failed in which way
    public record Result(long done, Histogram micros, double seconds, Map<String, Long> refusals) {
        public long failed() {
            return refusals.values().stream().mapToLong(Long::longValue).sum();
        }

        public double perSecond() {
            return done / seconds;
        }
    }

    /// Makes the next request.
    public interface Source {
        HttpUriRequestBase next(ThreadLocalRandom random);
    }

    /// Gets every answer of an open loop, on many threads.
    interface Log {
        /// @param due when it should have been sent, by [System#nanoTime]
        /// @param done when its answer was there
        /// @param epoch under which it was answered; 0: it failed
        void add(long due, long done, long epoch);
    }

    public Result closed(int clients, Duration time, Source source) throws InterruptedException {
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
        return open(perSecond, clients, time, source, (due, done, epoch) -> {});
    }

    Result open(double perSecond, int clients, Duration time, Source source, Log log) throws InterruptedException {
        var run = new Run(log);
        long begun = System.nanoTime();
        var next = new AtomicLong();
        var over = new AtomicBoolean();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < clients; i++)
            threads.add(Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    long due = begun + (long) (next.getAndIncrement() * 1e9 / perSecond);
                    if (due - begun >= time.toNanos()) return;
                    while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
                    run.send(source, due);
                }
            }));
        try {
            return run.result(threads, begun);
        } finally {
            over.set(true); // if the caller was interrupted
        }
    }

    /// One request for each, some at once; all answers must be good ones. Blocks.
    <T> void each(Collection<T> all, Function<T, HttpUriRequestBase> request) throws InterruptedException {
        var left = new ConcurrentLinkedQueue<T>(all);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < AT_ONCE; i++)
            threads.add(Thread.ofVirtual().start(() -> {
                for (T next = left.poll(); next != null; next = left.poll()) once(request.apply(next));
            }));
        for (Thread thread : threads) thread.join();
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

    /// The body of a good answer.
    String text(HttpUriRequestBase request) throws IOException {
        return http.execute(request, response -> EntityUtils.toString(response.getEntity()));
    }

    private final class Run {
        private final Histogram micros = new ConcurrentHistogram(HIGHEST_MICROS, 3);
        private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
        private final Log log;

        Run() {
            this((due, done, epoch) -> {});
        }

        Run(Log log) {
            this.log = log;
        }

        void send(Source source, long from) {
            long epoch = epoch(source);
            long done = System.nanoTime();
            log.add(from, done, epoch);
            if (epoch != 0) micros.recordValue(Math.min(HIGHEST_MICROS, (done - from) / 1_000));
        }

        /// Under which it was answered; 0: it failed.
        private long epoch(Source source) {
            try {
                return http.execute(source.next(ThreadLocalRandom.current()), response -> {
                    if (response.getCode() >= 300) {
                        refused(response.getCode() + " " + EntityUtils.toString(response.getEntity()));
                        return 0L;
                    }
                    EntityUtils.consume(response.getEntity());
                    Header epoch = response.getFirstHeader("Plumb-Epoch");
                    return epoch == null ? UNKNOWN_EPOCH : Long.parseLong(epoch.getValue());
                });
            } catch (IOException e) {
                refused(e.toString());
                return 0;
            }
        }

        private void refused(String how) {
            String shortly = NUMBERS.matcher(how).replaceAll("N");
            refusals.computeIfAbsent(shortly.substring(0, Math.min(200, shortly.length())), unheard -> new LongAdder())
                    .increment();
        }

        Result result(List<Thread> threads, long begun) throws InterruptedException {
            for (Thread thread : threads) thread.join();
            double seconds = (System.nanoTime() - begun) / 1e9;
            var counted = new TreeMap<String, Long>();
            refusals.forEach((how, times) -> counted.put(how, times.sum()));
            return new Result(micros.getTotalCount(), micros, seconds, counted);
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}

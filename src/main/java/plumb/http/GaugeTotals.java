package plumb.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import plumb.Deadline;
import plumb.LiveTotal;
import plumb.dispatch.LiveSum;
import plumb.http.GaugeTotal.Grant;
import plumb.keyspace.Epoch;
import plumb.keyspace.RangeId;
import plumb.ownership.InstanceRow;
import plumb.routing.Route;
import plumb.routing.Routes;
import plumb.routing.RoutingTable;

/// Adds live gauges up over all instances: asks the owners of all ranges for their sums, each over a signed hop, and
/// counts a sum for the range and epoch that it was given for. A range that the table has in another epoch than its
/// owner, that is on its way, or whose owner does not answer is asked for again by the next table, for a bounded time.
///
/// Exact means: each key is counted by its one owner, as of a moment between the question and the answer. These moments
/// differ from range to range. Thread-safe; asking does not block.
public final class GaugeTotals {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long BETWEEN_ROUNDS_NANOS = Duration.ofMillis(100).toNanos();
    private static final System.Logger LOG = System.getLogger(GaugeTotals.class.getName());

    /// What this instance knows by itself.
    public interface Here {
        /// Every gauge's name, and its domain.
        Map<String, String> gauges();

        /// Of the ranges that are held here for sure; empty: none, or there is no such gauge.
        List<LiveSum> sums(String gauge);
    }

    private final Here here;
    private final Routes routes;
    private final Steering.Refresh refresh;
    private final Forwarder forwarder;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, NextRun<GaugeTotal>> runs = new ConcurrentHashMap<>(); // one per known gauge

    /// @param executor gives each task a thread of its own, which may block
    public GaugeTotals(
            Here here,
            Routes routes,
            Steering.Refresh refresh,
            Forwarder forwarder,
            Executor executor,
            LongSupplier nanoTime) {
        this.here = here;
        this.routes = routes;
        this.refresh = refresh;
        this.forwarder = forwarder;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /// Every gauge's name, and its domain.
    public Map<String, String> gauges() {
        return here.gauges();
    }

    /// What this instance's keys add up to now, on their way to other instances or not.
    public long here(String gauge) {
        return here.sums(gauge).stream().mapToLong(LiveSum::value).sum();
    }

    /// This instance's part, as peers read it: a line `range epoch value` for each range of which all is here.
    String part(String gauge) {
        return settled(gauge)
                .map(sum -> sum.range() + " " + sum.epoch() + " " + sum.value() + "\n")
                .collect(Collectors.joining());
    }

    private Stream<LiveSum> settled(String gauge) {
        return here.sums(gauge).stream().filter(LiveSum::settled);
    }

    /// As [plumb.LiveTotals#of].
    public CompletionStage<LiveTotal> of(String gauge) {
        String domain = gauges().get(gauge);
        if (domain == null) throw new IllegalArgumentException("there is no live gauge \"" + gauge + "\"");
        return of(gauge, domain).thenApply(total -> new LiveTotal(total.value(), total.complete()));
    }

    /// Of a gauge that there is. Who asks while somebody else is being answered waits for the next answer.
    CompletableFuture<GaugeTotal> of(String gauge, String domain) {
        return runs.computeIfAbsent(gauge, name -> new NextRun<>(() -> total(name, domain), executor))
                .get();
    }

    private GaugeTotal total(String gauge, String domain) {
        Deadline deadline = Deadline.in(PATIENCE, nanoTime.getAsLong());
        Map<Grant, Long> answers = new ConcurrentHashMap<>();
        RoutingTable table = routes.current();
        try {
            for (boolean again = true; again; ) {
                ask(gauge, open(table, domain, answers), answers, deadline);
                again = !isComplete(table, domain, answers) && !deadline.passed(nanoTime.getAsLong());
                if (again) table = nextTable(table, deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the instance stops: what is known so far
        }
        return GaugeTotal.of(gauge, domain, table.version(), table.routes(domain), answers);
    }

    private RoutingTable nextTable(RoutingTable seen, Deadline deadline) throws InterruptedException {
        refresh.now();
        long left = deadline.left(nanoTime.getAsLong()).toNanos();
        if (routes.current() == seen) routes.awaitChange(seen, Math.min(left, BETWEEN_ROUNDS_NANOS));
        return routes.current();
    }

    private static boolean isComplete(RoutingTable table, String domain, Map<Grant, Long> answers) {
        return open(table, domain, answers).isEmpty();
    }

    private static List<Route> open(RoutingTable table, String domain, Map<Grant, Long> answers) {
        return table.routes(domain).stream()
                .filter(route -> !answers.containsKey(Grant.of(route)))
                .toList();
    }

    /// All owners of these ranges at once; blocks until all have answered or failed.
    private void ask(String gauge, List<Route> open, Map<Grant, Long> answers, Deadline deadline) {
        var owners = new HashMap<InstanceRow, Route.Remote>();
        boolean here = false;
        for (Route route : open)
            switch (route) {
                case Route.Local local -> here = true;
                case Route.Remote remote -> owners.putIfAbsent(remote.owner(), remote);
                case Route.Unowned unowned -> {}
            }
        var asked = owners.values().stream()
                .map(owner -> CompletableFuture.runAsync(() -> ask(gauge, owner, answers, deadline), executor))
                .toArray(CompletableFuture[]::new);
        if (here) settled(gauge).forEach(sum -> answers.put(new Grant(sum.range(), sum.epoch()), sum.value()));
        CompletableFuture.allOf(asked).join();
    }

    private void ask(String gauge, Route.Remote owner, Map<Grant, Long> answers, Deadline deadline) {
        var question = new HopRequest(
                "GET",
                "/api/" + GaugesResource.PATH + "/" + gauge,
                null,
                new Headers().add("Accept", "text/plain, */*;q=0.1"),
                "http",
                "unknown",
                new HopBody(new ByteArrayInputStream(new byte[0]), 0));
        if (!(forwarder.forward(question, owner, deadline) instanceof HopResult.Answered answered)) return;
        HopAnswer answer = answered.answer();
        try (var body = new ByteArrayOutputStream()) {
            answer.writeTo(body);
            if (answer.status() == 200) read(body.toString(US_ASCII), answers);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, () -> owner.owner().info().name() + " does not say its " + gauge, e);
        } finally {
            answer.release();
        }
    }

    private static void read(String lines, Map<Grant, Long> answers) {
        lines.lines().forEach(line -> {
            String[] words = line.split(" ");
            var grant = new Grant(new RangeId(Integer.parseInt(words[0])), new Epoch(Long.parseLong(words[1])));
            answers.put(grant, Long.parseLong(words[2]));
        });
    }
}

package bench;

import bench.Contender.Door;
import bench.Scoreboard.Score;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import plumb.testsupport.DurablePostgres;

/// Plumb beside the services of [bench.baseline], on servers and databases of the same kind at the same time: after a
/// warm-up, rounds in which each load is put on one after the other, so that whatever the machine does else meets all.
final class Comparison implements AutoCloseable {
    private static final int[] CLIENTS = {1, 16, 64, 256};
    private static final int MANY = 256;
    private static final int USUAL = 64;
    static final int[] RATES = {300, 1_000};
    private static final Duration RAMP = Duration.ofSeconds(1);
    static final String PLUMB = "Plumb";
    static final String OPTIMISTIC = "stateless, optimistic";
    static final String PESSIMISTIC = "stateless, pessimistic";
    static final String STATEMENT = "one statement";
    static final String HOT = "orders of one customer, 64 clients";
    static final String READS = "reads, 64 clients";
    static final String DIRECT_ORDERS = "orders, 64 clients, direct";
    static final String DIRECT_READS = "reads, 64 clients, direct";
    static final String HOP_READS = "reads, 64 clients, always a hop";

    /// Puts a load on somebody.
    private interface Run {
        Load.Result on(Contender contender, Duration time) throws InterruptedException;
    }

    /// @param owned only where customers have owners
    private record Scenario(String name, boolean owned, Run run) {}

    private final Consumer<String> out;
    private final Crowd crowd = new Crowd();
    private final Load load = new Load(300);
    private final DurablePostgres otherPostgres;
    private final Servers plumb;
    private final Servers baseline;
    private final List<Contender> contenders;
    private final Scoreboard scores = new Scoreboard();

    Comparison(DurablePostgres postgres, Consumer<String> out) throws Exception {
        this.out = out;
        otherPostgres = DurablePostgres.start();
        otherPostgres.createDatabase("bench");
        try (var connection = otherPostgres.connect("bench");
                var statement = connection.createStatement()) {
            for (String table : BaselineWar.TABLES) statement.execute(table);
        }
        plumb = new Servers(postgres, Map.of());
        baseline = Servers.baseline(otherPostgres);
        contenders = List.of(
                new Contender(PLUMB, plumb, "/api", crowd.owners(plumb, load)),
                new Contender(OPTIMISTIC, baseline, "/api/optimistic", Map.of()),
                new Contender(PESSIMISTIC, baseline, "/api/pessimistic", Map.of()),
                new Contender(STATEMENT, baseline, "/api/statement", Map.of()));
    }

    /// @param warmUp of each service; a JVM wants more than half a million requests
    /// @param time of one load in one round
    void run(Duration warmUp, int rounds, Duration time) throws Exception {
        crowd.settle(contenders.getFirst(), load);
        crowd.settle(contenders.getLast(), load);
        for (Contender contender : contenders) {
            // three share a JVM, and the two of Jakarta Persistence nearly all of their code
            Duration part = contender.hasOwners() ? warmUp : warmUp.dividedBy(2);
            order(USUAL, Door.ANY).on(contender, part.multipliedBy(4).dividedBy(5));
            read(Door.ANY).on(contender, part.dividedBy(5));
        }
        List<Scenario> scenarios = scenarios();
        for (int round = 0; round < rounds; round++) {
            for (Scenario scenario : scenarios) {
                List<Contender> turns = new ArrayList<>(contenders);
                Collections.rotate(turns, round); // nobody is always the one after the heaviest
                for (Contender contender : turns)
                    if (contender.hasOwners() || !scenario.owned()) measure(scenario, contender, time);
            }
            out.accept("round " + (round + 1) + " of " + rounds);
        }
        out.accept("");
        scores.print(out);
        out.accept("");
        new Goals(scores, out).print();
    }

    private List<Scenario> scenarios() {
        var scenarios = new ArrayList<Scenario>();
        for (int clients : CLIENTS) scenarios.add(new Scenario(orders(clients), false, order(clients, Door.ANY)));
        for (int rate : RATES)
            scenarios.add(new Scenario(
                    open(rate),
                    false,
                    (contender, time) -> load.open(
                            rate, MANY, time, random -> order(contender, crowd.anybody(random), Door.ANY, random))));
        scenarios.add(new Scenario(
                HOT,
                false,
                (contender, time) -> load.closed(
                        USUAL, time, random -> order(contender, crowd.all().getFirst(), Door.ANY, random))));
        scenarios.add(new Scenario(
                "orders, 64 clients, Zipf",
                false,
                (contender, time) ->
                        load.closed(USUAL, time, random -> order(contender, crowd.regular(random), Door.ANY, random))));
        scenarios.add(new Scenario(DIRECT_ORDERS, true, order(USUAL, Door.OWNERS)));
        scenarios.add(new Scenario(READS, false, read(Door.ANY)));
        scenarios.add(new Scenario(DIRECT_READS, true, read(Door.OWNERS)));
        scenarios.add(new Scenario(HOP_READS, true, read(Door.OTHERS)));
        return scenarios;
    }

    static String orders(int clients) {
        return "orders, " + clients + (clients == 1 ? " client" : " clients");
    }

    static String open(int rate) {
        return "orders, open loop, " + rate + "/s";
    }

    private Run order(int clients, Door door) {
        return (contender, time) ->
                load.closed(clients, time, random -> order(contender, crowd.anybody(random), door, random));
    }

    private Run read(Door door) {
        return (contender, time) -> load.closed(
                USUAL, time, random -> new HttpGet(contender.customer(crowd.anybody(random), door, random)));
    }

    private static HttpUriRequestBase order(Contender contender, UUID customer, Door door, ThreadLocalRandom random) {
        return new HttpPost(contender.customer(customer, door, random) + "/orders");
    }

    private void measure(Scenario scenario, Contender contender, Duration time) throws InterruptedException {
        scenario.run().on(contender, RAMP);
        double server = contender.serverCpu();
        double postgres = contender.postgresCpu();
        Load.Result result = scenario.run().on(contender, time);
        result.refusals()
                .forEach((how, times) ->
                        out.accept(contender.name() + ", " + scenario.name() + ": " + times + " × " + how));
        scores.add(
                scenario.name(),
                contender.name(),
                Score.of(result, contender.serverCpu() - server, contender.postgresCpu() - postgres));
    }

    @Override
    public void close() throws IOException {
        baseline.close();
        plumb.close();
        otherPostgres.close();
        load.close();
    }
}

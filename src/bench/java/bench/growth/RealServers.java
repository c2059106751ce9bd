package bench.growth;

import bench.Load;
import bench.Regulars;
import bench.Servers;
import java.util.function.Consumer;
import plumb.testsupport.DurablePostgres;

/// Real servers on one machine, fewer and fewer, under the same load and without any.
///
/// They begin together and leave one by one, so that no figure has a fresh process in it; and only the first compiler
/// of the JVM works for them, which is done soon: six JVMs on two cores compile for longer than anybody wants to wait.
final class RealServers {
    private static final int CLIENTS = 64;
    private static final String JVM = "-Xms256m -Xmx512m -XX:TieredStopAtLevel=1";

    private final DurablePostgres postgres;
    private final Sizes sizes;

    RealServers(DurablePostgres postgres, Sizes sizes) {
        this.postgres = postgres;
        this.sizes = sizes;
    }

    void measure(Consumer<Sheet> out) throws Exception {
        var sheet = new Sheet(
                        "servers",
                        "orders/s",
                        "failed",
                        "p99 ms",
                        "servers, CPU µs an order",
                        "Postgres, CPU µs an order",
                        "idle: each server, CPU ms/s",
                        "idle: Postgres, CPU ms/s")
                .picture("growth-servers-order.svg", "An order, by the number of servers", "CPU µs", 3, 4)
                .picture("growth-servers-idle.svg", "Servers to whom nobody comes", "CPU ms per second", 5, 6);
        var regulars = new Regulars();
        try (var servers = new Servers(postgres, sizes.servers(), JVM);
                var load = new Load(CLIENTS * 2)) {
            regulars.seed(servers, load);
            load.closed(CLIENTS, sizes.warmUp(), random -> regulars.order(servers, random));
            sheet.add(sizes.servers(), measure(servers, load, regulars));
            while (servers.instances().size() > 1) {
                servers.stopLast();
                load.closed(CLIENTS, sizes.load(), random -> regulars.order(servers, random)); // new owners load first
                sheet.add(servers.instances().size(), measure(servers, load, regulars));
            }
        }
        out.accept(sheet.ascending());
    }

    private double[] measure(Servers servers, Load load, Regulars regulars) throws Exception {
        double server = servers.serverCpu();
        double database = servers.postgresCpu();
        Load.Result orders = load.closed(CLIENTS, sizes.load(), random -> regulars.order(servers, random));
        orders.refusals().forEach((how, times) -> System.out.println(times + " × " + how));
        double idleFrom = System.nanoTime();
        double serverIdle = servers.serverCpu();
        double databaseIdle = servers.postgresCpu();
        Thread.sleep(sizes.load());
        double seconds = (System.nanoTime() - idleFrom) / 1e9;
        return new double[] {
            orders.perSecond(),
            orders.failed(),
            orders.micros().getValueAtPercentile(99) / 1e3,
            (serverIdle - server) / orders.done() * 1e6,
            (databaseIdle - database) / orders.done() * 1e6,
            (servers.serverCpu() - serverIdle)
                    * 1e3
                    / seconds
                    / servers.instances().size(),
            (servers.postgresCpu() - databaseIdle) * 1e3 / seconds
        };
    }
}

package bench.growth;

import java.time.Duration;
import java.util.List;

/// What is measured, and how long a figure is looked at.
///
/// @param customers in memory
/// @param ranges of a domain
/// @param servers real ones, at most
/// @param simulated instances that only keep leases
/// @param bytes of what an order writes
/// @param figure for a figure that is one process's own
/// @param load for a figure under load
/// @param warmUp of the servers
record Sizes(
        List<Integer> customers,
        List<Integer> ranges,
        int servers,
        List<Integer> simulated,
        List<Integer> bytes,
        Duration figure,
        Duration load,
        Duration warmUp) {
    static final Sizes ALL = new Sizes(
            List.of(1_000, 10_000, 100_000, 1_000_000),
            List.of(64, 256, 1_024, 4_096, 10_000),
            6,
            List.of(1, 10, 100, 300, 1_000),
            List.of(100, 300, 1_000, 3_000, 10_000, 30_000, 65_536),
            Duration.ofMillis(700),
            Duration.ofSeconds(15),
            Duration.ofMinutes(2));

    static final Sizes SMOKE = new Sizes(
            List.of(100, 1_000),
            List.of(64, 128),
            2,
            List.of(1, 10),
            List.of(100, 1_000),
            Duration.ofMillis(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2));
}

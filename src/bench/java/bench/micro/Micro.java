package bench.micro;

import bench.micro.Figures.Figure;
import bench.micro.Figures.Measured;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs the benchmarks, prints what they cost beside what they did when the figures were recorded, and ends with an
/// error if one needs clearly more CPU or memory than then. More time alone only gets a mark: somebody else may have
/// used the machine.
public final class Micro {
    private static final double TOLERATED = 1.3;
    private static final double TOLERATED_BYTES = 16; // the garbage of JMH itself, per operation

    private Micro() {}

    public static void main(String[] arguments) throws Exception {
        Figures now = Figures.of(new Runner(new OptionsBuilder()
                        .include("^bench\\.micro\\.(" + System.getProperty("plumb.micro.include", ".*") + ")")
                        .addProfiler(GCProfiler.class)
                        .addProfiler(CpuProfiler.class)
                        .shouldFailOnError(true)
                        .jvmArgsAppend("-Djava.util.logging.config.file=none")
                        .build())
                .run());
        now.write(Path.of(System.getProperty("plumb.bench.dir"), "micro.json"));
        Path committed = Path.of(System.getProperty("plumb.micro.figures"));
        boolean record = Boolean.getBoolean("plumb.micro.record");
        Figures before = Files.exists(committed) ? Figures.read(committed) : new Figures("nothing", Map.of());
        List<String> worse = compare(now, before);
        if (record) now.write(committed);
        if (worse.isEmpty() || record) return;
        worse.forEach(each -> System.err.println("SLOWER THAN RECORDED: " + each));
        System.exit(1);
    }

    private static List<String> compare(Figures now, Figures before) {
        System.out.println("Compared with: " + before.hardware());
        System.out.println("| per operation | ns | ± | CPU ns | ± | Postgres CPU ns | bytes | time | CPU | |");
        System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|---|");
        var worse = new ArrayList<String>();
        now.benchmarks().forEach((name, figure) -> {
            Figure then = before.benchmarks().get(name);
            String verdict = then == null ? "new" : verdict(figure, then);
            System.out.println(line(name, figure, then, verdict));
            if (verdict.startsWith("MORE")) worse.add(name + ": " + verdict);
        });
        return worse;
    }

    private static String verdict(Figure now, Figure then) {
        if (now.cpuNanos().isWorseThan(then.cpuNanos(), TOLERATED)) return "MORE CPU";
        if (now.postgresNanos().isWorseThan(then.postgresNanos(), TOLERATED)) return "MORE CPU of Postgres";
        if (now.bytes() > then.bytes() * TOLERATED + TOLERATED_BYTES) return "MORE bytes";
        return now.nanos().isWorseThan(then.nanos(), TOLERATED) ? "slower, by the clock alone" : "";
    }

    private static String line(String name, Figure figure, @Nullable Figure then, String verdict) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %,.0f | %,.0f | %,.0f | %,.0f | %s | %s | %s |",
                name,
                figure.nanos().mean(),
                figure.nanos().error(),
                figure.cpuNanos().mean(),
                figure.cpuNanos().error(),
                figure.postgresNanos().mean(),
                figure.bytes(),
                then == null ? "" : ratio(figure.nanos(), then.nanos()),
                then == null ? "" : ratio(figure.cpuNanos(), then.cpuNanos()),
                verdict);
    }

    private static String ratio(Measured now, Measured then) {
        return String.format(Locale.ROOT, "%.2f x", now.mean() / Math.max(then.mean(), 0.1));
    }
}

package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// When memory is short, and that an instance whose handlers would not fit into memory lives on.
class HeapPressureTest {
    private final AtomicReference<@Nullable MemoryUsage> left = new AtomicReference<>();
    private final HeapPressure heap = new HeapPressure(List.<Supplier<@Nullable MemoryUsage>>of(left::get), 80);

    private void collected(long used, long max) {
        left.set(new MemoryUsage(0, used, Math.max(used, max), max));
    }

    @Test
    void isHighOnceForEachCollectionThatLeavesTooMuch() {
        assertThat(heap.isHigh()).isFalse();
        collected(800, 1_000);
        assertThat(heap.isHigh()).isFalse();

        collected(801, 1_000);
        assertThat(heap.isHigh()).isTrue();
        assertThat(heap.isHigh()).isFalse();
        collected(802, 1_000);
        assertThat(heap.isHigh()).isTrue();
        collected(100, 1_000);
        assertThat(heap.isHigh()).isFalse();
    }

    @Test
    void aPoolWithoutAMaximumIsNeverHigh() {
        collected(1_000, -1);

        assertThat(heap.isHigh()).isFalse();
    }

    @Test
    void thisProcessHasSuchAPool() {
        assertThat(HeapPressure.pools()).isNotEmpty();
    }

    /// Twice as many states as fit into the heap, none of them busy for long: without passivation the process dies of
    /// it.
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseParallelGC"})
    @Timeout(120)
    void anInstanceWhoseHandlersDoNotFitIntoMemoryServesOn(String collector, @TempDir Path directory) throws Exception {
        File log = directory.resolve("log").toFile();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        collector,
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyHandlers.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        try {
            assertThat(process.waitFor(110, TimeUnit.SECONDS)).as("ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(log).content().contains("all served");
        assertThat(process.exitValue()).isZero();
    }
}

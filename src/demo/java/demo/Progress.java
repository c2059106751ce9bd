package demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Says what is going on, with the seconds since the start.
final class Progress {
    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final long begun;

    Progress(PrintStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    void say(String what) {
        out.printf(
                "[%3d s] %s%n", Duration.ofNanos(nanoTime.getAsLong() - begun).toSeconds(), what);
        out.flush();
    }

    /// As it is.
    void print(String text) {
        out.println(text);
        out.flush();
    }
}

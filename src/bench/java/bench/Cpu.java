package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// CPU seconds that processes have used, as Linux counts them.
public final class Cpu {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux

    private Cpu() {}

    /// Of those processes, without their children.
    public static double of(List<Long> pids) {
        return pids.stream().mapToDouble(pid -> seconds(pid, false)).sum();
    }

    /// Of a process, its living children, and those that have ended.
    public static double ofTree(long pid) {
        double children = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .mapToDouble(child -> seconds(child.pid(), false))
                .sum();
        return seconds(pid, true) + children;
    }

    private static double seconds(long pid, boolean withEndedChildren) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            if (withEndedChildren) ticks += Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
            return ticks / TICKS_PER_SECOND;
        } catch (IOException e) {
            return 0; // ended
        }
    }
}

package simulation;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import plumb.ownership.LeaseTableException;

/// One instance's way to the database. Calls take time; while it is noisy some do not arrive, some arrive when nobody
/// waits for them any more, and some are not answered.
final class Link {
    private static final long TIMEOUT = Duration.ofSeconds(1).toNanos();
    private static final long SLOW = Duration.ofMillis(900).toNanos();
    private static final long FAST = Duration.ofMillis(5).toNanos();
    private static final long LATE = Duration.ofSeconds(3).toNanos();
    private static final int SLOW_ONE_IN = 20;
    private static final int LOST_ONE_IN = 4;

    private enum Fate {
        ANSWERED,
        ANSWERED_SLOWLY,
        CALL_LOST,
        CALL_LATE,
        ANSWER_LOST
    }

    private final World world;
    private final String name;
    private boolean over;
    boolean cut;
    boolean noisy;

    Link(World world, String name) {
        this.world = world;
        this.name = name;
    }

    void heal() {
        cut = false;
        noisy = false;
    }

    /// The instance is gone; its threads only have to end.
    void end() {
        over = true;
    }

    boolean isAway() {
        return cut || world.database.away;
    }

    /// How long a message takes.
    long latency() {
        return 1 + world.luck.nextLong(world.luck.nextInt(SLOW_ONE_IN) == 0 ? SLOW : FAST);
    }

    /// Something else that may happen to a message.
    boolean isUnlucky() {
        return noisy && world.luck.nextInt(LOST_ONE_IN) == 0;
    }

    /// The port at the other end. Every call is one message there and one back.
    <T> T port(Class<T> port, Object server) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) return null;
                    return call(method.getName(), () -> invoke(server, method, arguments));
                }));
    }

    /// Blocks the calling thread until there is an answer, or it is clear that there will be none.
    ///
    /// @throws LeaseTableException there is none; it may or may not have been done
    <T extends @Nullable Object> T call(String what, Supplier<T> atServer) {
        if (over) {
            Thread.yield();
            throw lost(what);
        }
        var call = new Call<T>(what, atServer);
        world.scheduler.after(latency(), call::arrive);
        return call.await();
    }

    private final class Call<T extends @Nullable Object> {
        private final String what;
        private final Supplier<T> atServer;
        private final Fate fate = fate();
        private final Scheduler.Pause pause = new Scheduler.Pause();
        private @Nullable T answer;
        private @Nullable RuntimeException failure;

        private Call(String what, Supplier<T> atServer) {
            this.what = what;
            this.atServer = atServer;
        }

        private void arrive() {
            if (isAway() || fate == Fate.CALL_LOST) {
                failure = lost(what);
            } else if (fate == Fate.CALL_LATE) {
                failure = lost(what);
                world.scheduler.after(TIMEOUT + world.luck.nextLong(LATE), this::runLate);
            } else {
                run();
                if (fate == Fate.ANSWER_LOST) failure = lost(what);
            }
            if (failure != null) world.scheduler.after(TIMEOUT, pause::end);
            else if (fate == Fate.ANSWERED_SLOWLY) world.scheduler.after(latency(), pause::end);
            else pause.end();
        }

        private void run() {
            try {
                answer = atServer.get();
                world.tell(() -> name + " " + what + " -> " + answer + " " + fate);
            } catch (LeaseTableException e) {
                world.tell(() -> name + " " + what + " -> " + e.getMessage());
                failure = e;
            }
            world.database.changed();
        }

        /// Its client is told already, and must not notice.
        private void runLate() {
            if (isAway()) return;
            try {
                T late = atServer.get();
                world.count("calls that came late");
                world.tell(() -> name + " " + what + " late -> " + late);
            } catch (LeaseTableException e) {
                return;
            }
            world.database.changed();
        }

        private T await() {
            pause.await();
            if (failure != null) throw failure;
            return answer;
        }
    }

    private Fate fate() {
        if (!isUnlucky()) return world.luck.nextInt(SLOW_ONE_IN) == 0 ? Fate.ANSWERED_SLOWLY : Fate.ANSWERED;
        return switch (world.luck.nextInt(3)) {
            case 0 -> Fate.CALL_LOST;
            case 1 -> Fate.CALL_LATE;
            default -> Fate.ANSWER_LOST;
        };
    }

    @SuppressWarnings("unchecked")
    private static <T extends @Nullable Object> T invoke(Object server, Method method, Object[] arguments) {
        try {
            return (T) method.invoke(server, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    static LeaseTableException lost(String what) {
        return new LeaseTableException(what, new IOException("no answer"));
    }
}

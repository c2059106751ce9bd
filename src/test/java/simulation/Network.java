package simulation;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;

/// The ways between clients and instances, and among instances. Who is not up refuses a connection; who stands still,
/// or is cut off, says nothing until the time is over.
final class Network {
    private static final long TIMEOUT = Duration.ofSeconds(8).toNanos();
    private static final long LONG_TIMEOUT = Duration.ofSeconds(25).toNanos();
    private static final long FAST = Duration.ofMillis(5).toNanos();
    private static final int LOST_ONE_IN = 5;

    private final World world;
    private final Set<Set<Instance>> cut = new HashSet<>();
    boolean noisy;

    Network(World world) {
        this.world = world;
    }

    /// They do not reach each other, until [#calm].
    void cut(Instance one, Instance other) {
        if (one != other) cut.add(Set.of(one, other));
    }

    boolean reaches(Instance one, Instance other) {
        return one == other || !cut.contains(Set.of(one, other));
    }

    void calm() {
        cut.clear();
        noisy = false;
    }

    /// From a client. Blocks its thread.
    Answer ask(Instance instance, Request request) {
        return send(instance, request, null, false);
    }

    /// From an instance's front. Blocks its thread.
    Answer hop(Instance from, Instance to, Request request, Epoch epoch) {
        return send(to, request, epoch, !reaches(from, to));
    }

    private Answer send(Instance to, Request request, @Nullable Epoch epoch, boolean isCut) {
        boolean callLost = isCut || isLost();
        boolean answerLost = isCut || isLost();
        var exchange = new Exchange();
        world.scheduler.after(latency(), () -> {
            if (!to.isUp()) exchange.end(new Answer.Refused("connection refused"));
            else if (!callLost)
                to.run(() -> {
                    Answer answer = new Front(world, to, request, epoch).serve();
                    if (!answerLost) world.scheduler.after(latency(), () -> exchange.end(answer));
                });
        });
        long timeout = world.luck.nextBoolean() ? TIMEOUT : LONG_TIMEOUT;
        world.scheduler.after(timeout, () -> exchange.end(new Answer.Unknown("no answer in time")));
        return exchange.await();
    }

    private boolean isLost() {
        return noisy && world.luck.nextInt(LOST_ONE_IN) == 0;
    }

    private long latency() {
        return 1 + world.luck.nextLong(FAST);
    }

    private static final class Exchange {
        private final Scheduler.Pause pause = new Scheduler.Pause();
        private Answer answer = new Answer.Unknown("");

        private void end(Answer with) {
            if (pause.isOver()) return;
            answer = with;
            pause.end();
        }

        private Answer await() {
            pause.await();
            return answer;
        }
    }
}

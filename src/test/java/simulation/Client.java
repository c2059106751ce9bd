package simulation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import simulation.Request.Kind;

/// Sends one request after another, each to any instance, and repeats what was not answered under the same id until it
/// is.
final class Client {
    private static final Kind[] USUAL = {
        Kind.APPEND, Kind.APPEND, Kind.APPEND_TWO, Kind.READ, Kind.READ, Kind.NOTE, Kind.NOTE
    };
    private static final Kind[] ALL = Kind.values();
    private static final long BETWEEN_TRIES = Duration.ofMillis(300).toNanos();
    private static final long SHORT = Duration.ofMillis(20).toNanos();
    private static final int BURST = 4;
    private static final long LONG = Duration.ofSeconds(12).toNanos();

    private final World world;
    private int left;
    private Scheduler.@Nullable Pause resting;

    Client(World world, int requests) {
        this.world = world;
        this.left = requests;
    }

    boolean isDone() {
        return left == 0;
    }

    /// In bursts, each about one book.
    void run() {
        for (int book = 0; left > 0; left--) {
            boolean next = world.luck.nextInt(BURST) == 0;
            resting = new Scheduler.Pause();
            world.scheduler.sleep(world.luck.nextLong(next ? LONG : SHORT), resting);
            if (next) book = world.anyBook();
            perform(world.newRequest(kind(), book));
        }
    }

    /// Something happens.
    void stir() {
        if (resting != null) resting.end();
    }

    private Kind kind() {
        return world.luck.nextInt(3) == 0
                ? ALL[world.luck.nextInt(ALL.length)]
                : USUAL[world.luck.nextInt(USUAL.length)];
    }

    private void perform(Request request) {
        boolean doubt = false;
        while (true) {
            Instance entry = world.anyUp();
            History.Before before = world.history.sending(request);
            world.tell(() -> request + " to " + entry);
            Answer answer = world.network.ask(entry, request);
            world.count("answers " + answer.getClass().getSimpleName());
            world.tell(() -> request + " is told " + answer);
            switch (answer) {
                case Answer.Done done -> {
                    world.history.done(request, before, done);
                    return;
                }
                case Answer.Failed failed -> {
                    if (!request.kind().isHopeless()) world.fail(request + " failed: " + failed.why());
                    world.history.givenUp(request);
                    return;
                }
                case Answer.Unknown unknown -> {
                    if (request.kind() == Kind.NOTE) return; // only memory would know that it is a repetition
                    doubt |= request.kind() != Kind.READ;
                }
                case Answer.Refused refused -> {
                    if (givesUp(doubt, request)) return;
                }
                case Answer.Misdirected misdirected -> {
                    if (givesUp(doubt, request)) return;
                }
            }
            world.scheduler.sleep(BETWEEN_TRIES);
        }
    }

    private boolean givesUp(boolean doubt, Request request) {
        if (doubt || world.isCalm() || world.luck.nextInt(3) > 0) return false;
        world.history.givenUp(request);
        return true;
    }
}

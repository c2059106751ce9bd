package usualpizza;

import java.util.ArrayDeque;
import java.util.Deque;
import plumb.Undo;

/// The compensations of one request, which a test has run as the engine would.
final class RecordedUndo implements Undo {
    private final Deque<Runnable> compensations = new ArrayDeque<>();

    @Override
    public void with(Runnable compensation) {
        compensations.push(compensation);
    }

    /// Another request begins.
    void begin() {
        compensations.clear();
    }

    /// The request has failed.
    void takeBack() {
        while (!compensations.isEmpty()) compensations.pop().run();
    }
}

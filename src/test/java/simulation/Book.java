package simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.Rejection;
import plumb.Undo;
import plumb.Writes;

/// The state of a key: its lines, and a note that only memory knows. Single-threaded on purpose.
final class Book {
    /// Of the domain.
    static final class Bug extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Bug() {
            super("a bug of the domain", null, false, false);
        }
    }

    private final String name;
    private final Writes writes;
    private final Undo undo;
    private final List<String> lines;
    private long note;

    /// @param lines the requests whose effects they are, in order
    Book(String name, Writes writes, Undo undo, List<String> lines) {
        this.name = name;
        this.writes = writes;
        this.undo = undo;
        this.lines = new ArrayList<>(lines);
    }

    /// A request's effect is there once, however often it comes.
    Answer.Done run(Request request) {
        switch (request.kind()) {
            case READ -> {}
            case NOTE -> note = request.version();
            case APPEND -> append(request, 1, false);
            case APPEND_TWO -> append(request, 2, false);
            case BAD -> append(request, 1, true);
            case REJECTED -> throw new Rejection(409, "no", "no");
            case TAKEN_BACK -> {
                append(request, 1, false);
                undo.with(lines::removeLast);
                throw new Bug();
            }
            case BROKEN -> {
                append(request, 1, false);
                throw new Bug();
            }
        }
        return new Answer.Done(List.copyOf(lines), note);
    }

    private void append(Request request, int of, boolean bad) {
        if (lines.contains(request.id())) return;
        for (int i = 0; i < of; i++) {
            writes.add(Entry.INSERT, new Entry(name, lines.size() + 1, request.id(), request.attempt(), of, bad));
            lines.add(request.id());
        }
    }

    @Nullable
    String keep() {
        return note == 0 ? null : Long.toString(note);
    }

    void restore(String kept) {
        note = Long.parseLong(kept);
    }
}

package plumb.dispatch;

import java.util.ArrayList;
import java.util.List;
import plumb.Writes;
import plumb.Writes.Written;
import plumb.dispatch.ScriptedCommitter.Line;

/// A key's state in these tests: the lines that were written to it. Not thread-safe on purpose.
final class Pad {
    final List<String> lines;
    /// Only memory knows it.
    String memo = "";

    private final String key;
    private final Writes writes;

    Pad(String key, Writes writes, List<String> stored) {
        this.key = key;
        this.writes = writes;
        this.lines = new ArrayList<>(stored);
    }

    Written write(String text) {
        Written written = writes.add(ScriptedCommitter.INSERT, new Line(key, text));
        lines.add(text);
        return written;
    }

    /// Can be taken back.
    Written writeUndoably(String text) {
        Written written = write(text);
        Turn.undo().with(lines::removeLast);
        return written;
    }

    List<String> read() {
        return List.copyOf(lines);
    }
}

package plumb.dispatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import plumb.commit.Write;

/// What the requests of one turn want written, and how the running one takes back what it changed in memory. For one
/// thread at a time.
final class Changes {
    private static final Logger LOG = System.getLogger(Changes.class.getName());

    /// How much there was at some moment.
    record Mark(int writes, int compensations) {}

    /// @param promised by the request, which with it promises the rest, too
    private record Compensation(Runnable action, boolean promised) {}

    private final List<Write> writes = new ArrayList<>(1);
    private final List<Compensation> compensations = new ArrayList<>(0);
    private boolean undoing;

    /// Another request begins: the earlier ones can be taken back no more.
    Mark begin() {
        compensations.clear();
        return mark();
    }

    Mark mark() {
        return new Mark(writes.size(), compensations.size());
    }

    void add(Write write) {
        writes.add(write);
    }

    /// @param promised that every change of memory has one
    void add(Runnable compensation, boolean promised) {
        compensations.add(new Compensation(compensation, promised));
    }

    boolean wroteSince(Mark mark) {
        return writes.size() > mark.writes();
    }

    boolean canUndoSince(Mark mark) {
        return compensations.subList(mark.compensations(), compensations.size()).stream()
                .anyMatch(Compensation::promised);
    }

    /// Whether compensations run.
    boolean isUndoing() {
        return undoing;
    }

    void forgetWritesSince(Mark mark) {
        writes.subList(mark.writes(), writes.size()).clear();
    }

    /// Takes memory back to where it was, and forgets the writes. False: a compensation failed, memory is worth
    /// nothing.
    boolean undoSince(Mark mark) {
        forgetWritesSince(mark);
        undoing = true;
        try {
            while (compensations.size() > mark.compensations())
                compensations.removeLast().action().run();
            return true;
        } catch (Throwable e) {
            LOG.log(Level.WARNING, "a compensation failed, the state is dropped", e);
            return false;
        } finally {
            undoing = false;
        }
    }

    /// All that is to be written, which it is no longer.
    List<Write> take() {
        var taken = List.copyOf(writes);
        writes.clear();
        return taken;
    }
}

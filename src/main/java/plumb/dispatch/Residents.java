package plumb.dispatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import plumb.dispatch.DispatchStats.Event;

/// The handlers in memory, and which of them go when there is no room. A request touches nothing of this: handlers note
/// themselves when they were used; only their beginning and their end take the lock here.
///
/// Least recently used is meant roughly: of a few handlers chosen at random the one that has been idle for longest.
final class Residents {
    static final int NO_SEAT = -1;

    /// Up to so many handlers all are looked at; of more, so many.
    private static final int SAMPLE = 32;

    private static final int TRIES = 4;
    private static final int FEWEST_LEAVING = 16;

    private final int most;
    private final ArrayList<HandlerLoop<?>> seats = new ArrayList<>(); // guarded by this
    private int leaving; // guarded by this

    Residents(int most) {
        this.most = most;
    }

    /// Takes a handler in that is about to begin, if need be by letting another one go, which need not have ended yet.
    /// False: all are busy, or too many that were let go do not end.
    synchronized boolean admit(HandlerLoop<?> newcomer) {
        while (seats.size() >= most) if (!makeRoom()) return false;
        seat(newcomer);
        return true;
    }

    /// More than there is room for, because some who were let go stayed: lets others go.
    synchronized void trim() {
        while (seats.size() > most) if (!makeRoom()) return;
    }

    /// How many wait for work now, about.
    int idle() {
        return (int) all().stream().filter(HandlerLoop::isIdle).count();
    }

    private boolean makeRoom() {
        if (leaving >= Math.max(FEWEST_LEAVING, most / 16)) return false;
        for (int tries = 0; tries < TRIES; tries++) {
            HandlerLoop<?> longestIdle = longestIdle();
            if (longestIdle != null && passivate(longestIdle, Event.MADE_ROOM)) return true;
        }
        return false;
    }

    private @Nullable HandlerLoop<?> longestIdle() {
        HandlerLoop<?> found = null;
        int looks = Math.min(SAMPLE, seats.size());
        for (int look = 0; look < looks; look++) {
            int seat =
                    looks == seats.size() ? look : ThreadLocalRandom.current().nextInt(seats.size());
            HandlerLoop<?> each = seats.get(seat);
            if (each.isIdle() && (found == null || each.usedNanos() - found.usedNanos() < 0)) found = each;
        }
        return found;
    }

    /// Lets those go that have not been used since then.
    void passivateIdle(long sinceNanos) {
        for (HandlerLoop<?> each : all())
            if (each.isIdle() && each.usedNanos() - sinceNanos <= 0) passivate(each, Event.PASSIVATED);
    }

    /// Lets that part of all go, the least recently used of those that are idle.
    ///
    /// @return how many go
    int shed(double part) {
        List<HandlerLoop<?>> idle = all();
        int many = (int) Math.ceil(idle.size() * part);
        idle.removeIf(each -> !each.isIdle());
        if (idle.isEmpty()) return 0;
        long[] used = idle.stream().mapToLong(HandlerLoop::usedNanos).toArray();
        long now = used[0]; // any reading: only differences count
        long[] ages = Arrays.stream(used).map(each -> now - each).sorted().toArray();
        long youngest = ages[Math.max(0, ages.length - many)];
        int gone = 0;
        for (HandlerLoop<?> each : idle)
            if (gone < many && now - each.usedNanos() >= youngest && passivate(each, Event.SHED)) gone++;
        return gone;
    }

    private synchronized List<HandlerLoop<?>> all() {
        return new ArrayList<>(seats);
    }

    private synchronized boolean passivate(HandlerLoop<?> loop, Event why) {
        if (loop.seat() == NO_SEAT || !loop.askToLeave(why)) return false;
        unseat(loop);
        leaving++;
        return true;
    }

    /// It was let go, and goes on all the same, because work came.
    synchronized void stays(HandlerLoop<?> loop) {
        if (loop.seat() != NO_SEAT) return;
        leaving--;
        seat(loop);
    }

    /// It has ended.
    synchronized void gone(HandlerLoop<?> loop) {
        if (loop.seat() == NO_SEAT) leaving--;
        else unseat(loop);
    }

    private void seat(HandlerLoop<?> loop) {
        loop.sitsAt(seats.size());
        seats.add(loop);
    }

    private void unseat(HandlerLoop<?> loop) {
        HandlerLoop<?> last = seats.removeLast();
        if (last != loop) {
            seats.set(loop.seat(), last);
            last.sitsAt(loop.seat());
        }
        loop.sitsAt(NO_SEAT);
    }
}

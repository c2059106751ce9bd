package plumb.admin;

import org.jspecify.annotations.Nullable;
import plumb.keyspace.KeyRange;
import plumb.keyspace.Slot;

/// A range as the page shows it.
///
/// @param slots which keys it has
/// @param owner its owner's name; null: nobody
/// @param target the name of the instance that it is being handed over to; null: it stays
/// @param pinned it stays with its owner
/// @param secondsLeft of its owner
/// @param lastTurn how long ago; null: owned elsewhere, or none yet
/// @param oldestWork how old; null: owned elsewhere, or nothing is at work
public record RangeLine(
        int id,
        String domain,
        KeyRange slots,
        @Nullable String owner,
        long epoch,
        @Nullable String target,
        boolean pinned,
        @Nullable String secondsLeft,
        @Nullable String lastTurn,
        @Nullable String oldestWork) {
    public String keys() {
        return slots.toString();
    }

    public String share() {
        return Text.percent(slots.share());
    }

    /// Where it begins, 0 to 1 of the key space.
    double from() {
        return (double) slots.lo() / Slot.SPACE;
    }

    double width() {
        return slots.share();
    }
}

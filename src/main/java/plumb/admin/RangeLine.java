package plumb.admin;

import org.jspecify.annotations.Nullable;

/// A range as the page shows it.
///
/// @param owner its owner's name; null: nobody
/// @param target the name of the instance that it is being handed over to; null: it stays
/// @param secondsLeft of its owner
/// @param lastTurn how long ago; null: owned elsewhere, or none yet
/// @param oldestWork how old; null: owned elsewhere, or nothing is at work
public record RangeLine(
        int id,
        String domain,
        String keys,
        String share,
        @Nullable String owner,
        long epoch,
        @Nullable String target,
        @Nullable String secondsLeft,
        @Nullable String lastTurn,
        @Nullable String oldestWork) {}

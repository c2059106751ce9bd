package plumb.admin;

import org.jspecify.annotations.Nullable;

/// A range as the page shows it.
///
/// @param owner its owner's name; null: nobody
/// @param target the name of the instance that it is being handed over to; null: it stays
/// @param secondsLeft of its owner
public record RangeLine(
        int id,
        String domain,
        String keys,
        String share,
        @Nullable String owner,
        long epoch,
        @Nullable String target,
        @Nullable String secondsLeft) {}

package simulation;

import plumb.Statement;

/// A line of a book, as it is written.
///
/// @param seq of its key, without gaps
/// @param request whose effect it is, and once
/// @param attempt that wrote it
/// @param of so many lines belong to that request, and are written together or not at all
/// @param bad violates a constraint
record Entry(String key, long seq, String request, int attempt, int of, boolean bad) {
    static final Statement<Entry> INSERT =
            Statement.of(Entry.class, "insert into entry values (:key, :seq, :request, :attempt, :of, :range, :epoch)");
}

package simulation;

import plumb.keyspace.Key;
import plumb.keyspace.KeyType;

/// What a client wants of a key.
///
/// @param id names it at every repetition
/// @param version what it notes; no other request notes the same
/// @param attempt to get it done, by some instance; 0: not yet
record Request(String id, Kind kind, String book, long version, int attempt) {
    static final String DOMAIN = "book";

    enum Kind {
        /// Writes one line.
        APPEND,
        /// Writes two lines, which belong together.
        APPEND_TWO,
        /// Reads from memory.
        READ,
        /// Changes what only memory knows.
        NOTE,
        /// Is said no to.
        REJECTED,
        /// Breaks after it has written and changed memory.
        BROKEN,
        /// Breaks as well, but takes back what it did.
        TAKEN_BACK,
        /// Writes what the database refuses.
        BAD;

        boolean isWrite() {
            return this == APPEND || this == APPEND_TWO;
        }

        /// Not applied, whatever happens, and not worth repeating.
        boolean isHopeless() {
            return this == REJECTED || this == BROKEN || this == TAKEN_BACK || this == BAD;
        }
    }

    Request attempt(int number) {
        return new Request(id, kind, book, version, number);
    }

    Key key() {
        return Key.of(DOMAIN, KeyType.STRING, book);
    }
}

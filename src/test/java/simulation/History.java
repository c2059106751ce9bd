package simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import plumb.keyspace.Tenure;
import simulation.Database.Row;

/// What clients were told, against what is stored. Every violation ends the run.
///
/// - nothing commits outside its tenure, the lines of a book have no gap, and a request's effect is there once, whole
/// - what was acknowledged is stored when the client hears of it, and what a client was told is not applied never is
/// - no answer shows what is not stored, or less than what was acknowledged before it was asked for
/// - a note comes back as the newest one, or not at all
final class History {
    /// What was known when a request was sent.
    record Before(int lines, Set<Long> obsoleteNotes, Set<Long> knownNotes) {}

    private final World world;
    private final Map<String, Integer> acknowledged = new HashMap<>(); // lines per book
    private final Set<String> givenUp = new HashSet<>();
    private final Set<Integer> notApplied = new HashSet<>();
    private final Map<String, Set<Long>> knownNotes = new HashMap<>();
    private final Map<String, Set<Long>> obsoleteNotes = new HashMap<>();

    History(World world) {
        this.world = world;
    }

    /// At the moment of the commit.
    void committed(Row row) {
        Tenure tenure = row.tenure();
        Entry entry = row.entry();
        List<Row> book = world.database.rows(entry.key());
        if (!world.database.leases.isHeld(tenure)) world.fail("committed after its tenure: " + row);
        if (entry.seq() != book.size()) world.fail("line " + book.size() + " of its book is " + row);
        if (givenUp.contains(entry.request()) || notApplied.contains(entry.attempt()))
            world.fail("told as not applied, and now: " + row);
        long times = book.stream()
                .filter(other -> other.entry().request().equals(entry.request()))
                .count();
        if (times > entry.of()) world.fail("applied again: " + row);
    }

    /// After each turn of a book.
    void whole(String key) {
        List<Row> book = world.database.rows(key);
        Entry last = book.getLast().entry();
        long lines = book.stream()
                .filter(row -> row.entry().request().equals(last.request()))
                .count();
        if (lines != last.of()) world.fail("applied in part: " + last);
    }

    Before sending(Request request) {
        String book = request.book();
        return new Before(
                acknowledged.getOrDefault(book, 0),
                Set.copyOf(obsoleteNotes.getOrDefault(book, Set.of())),
                Set.copyOf(knownNotes.getOrDefault(book, Set.of())));
    }

    void done(Request request, Before before, Answer.Done answer) {
        List<String> stored = world.database.requests(request.book());
        int seen = answer.lines().size();
        if (seen > stored.size() || !stored.subList(0, seen).equals(answer.lines()))
            world.fail(request + " shows " + answer + ", stored is " + stored);
        if (seen < before.lines())
            world.fail(request + " shows " + answer + ", acknowledged before were " + before.lines() + " lines");
        if (request.kind().isWrite() && !answer.lines().contains(request.id()))
            world.fail(request + " is acknowledged without its effect: " + answer);
        if (before.obsoleteNotes().contains(answer.note()))
            world.fail(request + " shows " + answer + ", a note that had been replaced");
        acknowledged.merge(request.book(), seen, Math::max);
        if (request.kind() == Request.Kind.NOTE) noted(request, before);
    }

    private void noted(Request request, Before before) {
        knownNotes.computeIfAbsent(request.book(), book -> new HashSet<>()).add(request.version());
        obsoleteNotes.computeIfAbsent(request.book(), book -> new HashSet<>()).addAll(before.knownNotes());
    }

    /// An instance said so, of this attempt.
    void notApplied(Request request) {
        notApplied.add(request.attempt());
        boolean applied = world.database.rows(request.book()).stream()
                .anyMatch(row -> row.entry().attempt() == request.attempt());
        if (applied) world.fail(request + " was told as not applied");
    }

    /// A client was told so, and will not repeat it.
    void givenUp(Request request) {
        givenUp.add(request.id());
        boolean applied = world.database.rows(request.book()).stream()
                .anyMatch(row -> row.entry().request().equals(request.id()));
        if (applied) world.fail(request + " was told as not applied");
    }
}

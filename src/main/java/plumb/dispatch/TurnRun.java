package plumb.dispatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.stream.Stream;
import plumb.Expired;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.Overloaded;
import plumb.Rejection;
import plumb.WriteFailed;
import plumb.commit.CommitResult;
import plumb.commit.Unit;
import plumb.commit.Write;
import plumb.dispatch.DispatchStats.Event;
import plumb.keyspace.Key;

/// One turn: runs waiting requests against the state, commits what they wrote as one unit, then lets the answers leave.
///
/// A request that fails and cannot be taken back ends the turn: those before it commit, its own writes are forgotten,
/// those after it wait for a reloaded state. A request with a transaction of the container is a turn of its own.
final class TurnRun<T> {
    private static final Logger LOG = System.getLogger(TurnRun.class.getName());

    /// What is to become of the handler after a turn.
    enum After {
        GO_ON,
        /// Memory may say what the database does not: load anew.
        RELOAD,
        /// The tenure is over.
        END
    }

    /// Thrown through a request that was about to begin a transaction when what the turn had pending could not be
    /// committed.
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken() {
            super("the requests before this one could not be committed", null, false, false);
        }
    }

    private final HeldRange range;
    private final Core core;
    private final T state;
    private final Mailbox<T> mailbox;
    private final Turn turn;
    private final Answers<T> answers;
    private final Key key;
    private final long longest;
    private final Runnable beforeAnswers;

    private After after = After.GO_ON;
    private long begunNanos;
    private long waitedNanos; // together, those that ran
    private int ran;
    private boolean broken;
    private boolean ranMoreThanTicks;
    private int alone;
    private List<Envelope<T, ?>> again = List.of();

    /// @param mailbox holds what is to be run; what this turn settles is taken out of it
    /// @param beforeAnswers runs when the state is to stay as it is, before those who asked for it are told
    TurnRun(HandlerLoop<T> loop, HeldRange range, Core core, T state, Mailbox<T> mailbox, Runnable beforeAnswers) {
        this.key = loop.key();
        this.range = range;
        this.core = core;
        this.state = state;
        this.mailbox = mailbox;
        this.beforeAnswers = beforeAnswers;
        this.answers = new Answers<>(core.replies());
        this.longest = core.settings().turnTime().toNanos();
        this.turn = Turn.of(loop, state, this::settleEarlier);
    }

    /// Blocks for the commit.
    ///
    /// @param most requests to take
    After run(int most) throws Exception {
        try {
            runMarked(most);
            range.meter().worked(key, ran, core.nanoTime().getAsLong() - begunNanos, waitedNanos);
            if (!broken) settle();
        } finally { // nobody is left without an answer, even by a fault of ours
            if (!answers.isEmpty()) fail(new OutcomeUnknown("the turn failed"));
            again.forEach(envelope -> envelope.reply().beginAnew());
            core.replies().fail(mailbox.putBack(again), range.refusal());
        }
        core.stats().add(Event.TURN);
        return after;
    }

    private void runMarked(int most) throws Exception {
        int mark = core.marks().begin(key);
        try {
            turn.where(() -> {
                runRequests(most);
                return this;
            });
        } finally {
            core.marks().end(mark);
        }
    }

    /// How many requests at the head of the queue must each have a turn of their own now.
    int alone() {
        return alone;
    }

    /// A tick alone is no use that keeps a handler in memory.
    boolean ranMoreThanTicks() {
        return ranMoreThanTicks;
    }

    private void runRequests(int most) {
        long begun = core.nanoTime().getAsLong();
        begunNanos = begun;
        for (int taken = 0; taken < most && !isOver(); ) {
            long now = core.nanoTime().getAsLong();
            if (taken > 0 && now - begun >= longest) return; // who ran first should not wait for the slow ones behind
            Envelope<T, ?> next = mailbox.poll();
            if (next == null) return;
            if (next.deadline().passed(now)) {
                expire(next);
                continue;
            }
            if (!next.reply().begin()) {
                core.stats().add(Event.ANSWERED); // by somebody else, or nobody wants to know
                continue;
            }
            taken++;
            ran++;
            waitedNanos += begun - next.reply().sinceNanos();
            ranMoreThanTicks |= next.rank() != Rank.TICK;
            run(next);
        }
    }

    /// Whether what still waits is for another turn, or for none.
    private boolean isOver() {
        return after != After.GO_ON || turn.isTransactional() || range.isHalted();
    }

    private void run(Envelope<T, ?> envelope) {
        turn.begin(envelope.deadline());
        Throwable failure = answers.run(envelope, state, turn);
        if (broken) { // even if the request swallowed the exception
            again = concat(again, answers.withdraw());
            return;
        }
        boolean works = failure == null || failure instanceof Rejection;
        if (works && envelope.rank() != Rank.TICK) core.quarantine().succeeded(key);
        if (failure != null && !turn.takeBack(failure)) dropped(failure);
        if (turn.hasFailedTransaction()) after = After.RELOAD;
    }

    private void dropped(Throwable failure) {
        after = After.RELOAD;
        core.quarantine().failed(key, failure, core.nanoTime().getAsLong());
    }

    private void expire(Envelope<T, ?> envelope) {
        core.stats().add(Event.EXPIRED);
        core.replies().fail(List.of(envelope), new Expired("the deadline passed while the request waited"));
    }

    private void settleEarlier() {
        if (!broken && !answers.isEmpty()) settle();
        broken |= after != After.GO_ON;
        if (broken) throw new Broken(); // each time: a request that swallows it must not begin another
    }

    private void settle() {
        if (answers.isEmpty()) return;
        List<Write> writes = turn.take();
        if (writes.isEmpty()) answerFromMemory();
        else settle(commit(new Unit(range.tenure(), writes)));
    }

    private CommitResult commit(Unit unit) {
        try {
            return core.committer().submit(unit).join();
        } catch (RuntimeException | Error e) { // a bug; the unit may be on its way all the same
            LOG.log(Level.ERROR, () -> "no result of a commit under " + range, e);
            return new CommitResult.Ambiguous(CommitResult.Outcome.UNKNOWN);
        }
    }

    /// The deadline of trust is checked after the answers were computed; before, a pause in between would go unnoticed.
    private void answerFromMemory() {
        stays();
        boolean fenced = turn.isTransactional();
        if (fenced || (core.trusted().getAsBoolean() && !range.isHalted())) answers.release();
        else fail(new NotOwner("the lease of " + range + " is not surely held any more"));
    }

    private void settle(CommitResult result) {
        switch (result) {
            case CommitResult.Committed committed -> {
                stays();
                answers.release();
            }
            case CommitResult.Failed failed -> failed(failed);
            case CommitResult.Refused refused -> {
                range.halt("the fence refused a commit");
                fail(new NotOwner("the lease of " + range + " is lost"));
                after = After.END;
            }
            case CommitResult.NotApplied notApplied -> {
                fail(new Overloaded(Overloaded.Scope.INSTANCE, "not committed: " + notApplied.detail()));
                after = After.RELOAD;
            }
            case CommitResult.Ambiguous ambiguous -> {
                ambiguous(ambiguous.outcome());
                after = After.END;
            }
        }
    }

    private void stays() {
        if (after == After.GO_ON) beforeAnswers.run();
    }

    /// Nothing was applied. Which request brought the bad data shows when each has a commit of its own.
    private void failed(CommitResult.Failed failed) {
        after = After.RELOAD;
        if (answers.size() == 1) {
            fail(new WriteFailed(failed.sqlState(), failed.detail()));
            return;
        }
        alone = answers.size();
        again = answers.withdraw();
    }

    private void ambiguous(CommitResult.Outcome outcome) {
        range.halt("a commit got no answer");
        switch (outcome) {
            case APPLIED -> answers.release();
            case NOT_APPLIED -> fail(new NotOwner("the connection was lost before the commit"));
            case UNKNOWN -> fail(new OutcomeUnknown("the connection was lost around the commit"));
        }
    }

    /// Not applied, unless the request had a transaction of its own before: that one stands.
    private void fail(Throwable error) {
        boolean all = !turn.isTransactional();
        Throwable told = all ? error : new OutcomeUnknown("a transaction, but not the Writes: " + error.getMessage());
        core.replies().fail(answers.withdraw(), told);
    }

    private static <E> List<E> concat(List<E> first, List<E> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}

package plumb.dispatch;

import java.util.ArrayDeque;
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
import plumb.dispatch.Envelope.Request;
import plumb.keyspace.Key;

/// One turn: runs waiting requests against the state, commits what they wrote as one unit, then lets the answers leave.
///
/// A request that fails ends the turn: those before it commit, its own writes are forgotten, those after it wait for a
/// reloaded
/// state. A request with a transaction of the container is a turn of its own.
final class TurnRun<T> {
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
    private final ArrayDeque<Request<T, ?>> waiting;
    private final Turn turn;
    private final Answers<T> answers;

    private After after = After.GO_ON;
    private boolean broken;
    private int alone;
    private List<Request<T, ?>> again = List.of();

    /// @param waiting the requests in order; those that this turn settles are taken out of it
    TurnRun(Key key, HeldRange range, Core core, T state, ArrayDeque<Request<T, ?>> waiting) {
        this.range = range;
        this.core = core;
        this.state = state;
        this.waiting = waiting;
        this.answers = new Answers<>(core.replies());
        this.turn = Turn.of(key, range.tenure(), this::settleEarlier);
    }

    /// Blocks for the commit.
    ///
    /// @param most requests to take
    After run(int most) throws Exception {
        turn.where(() -> {
            runRequests(most);
            return this;
        });
        if (!broken) settle();
        again.reversed().forEach(waiting::addFirst);
        core.stats().add(Event.TURN);
        return after;
    }

    /// How many requests at the head of the queue must each have a turn of their own now.
    int alone() {
        return alone;
    }

    private void runRequests(int most) {
        for (int taken = 0; taken < most && after == After.GO_ON && !turn.isTransactional(); ) {
            Request<T, ?> next = waiting.poll();
            if (next == null) return;
            if (next.deadline().passed(core.nanoTime().getAsLong())) {
                expire(next);
                continue;
            }
            taken++;
            run(next);
        }
    }

    private void run(Request<T, ?> request) {
        turn.begin(request.deadline());
        Throwable failure = answers.run(request, state);
        if (broken) { // even if the request swallowed the exception
            again = concat(again, answers.withdraw());
            return;
        }
        boolean saidNo = failure instanceof Rejection && !turn.isTouched();
        if ((failure != null && !saidNo) || turn.hasFailedTransaction()) {
            turn.undo();
            after = After.RELOAD;
        }
    }

    private void expire(Request<T, ?> request) {
        core.stats().add(Event.EXPIRED);
        core.replies().fail(List.of(request), new Expired("the deadline passed while the request waited"));
    }

    private void settleEarlier() {
        if (answers.isEmpty()) return;
        settle();
        if (after == After.GO_ON) return;
        broken = true;
        throw new Broken();
    }

    private void settle() {
        if (answers.isEmpty()) return;
        List<Write> writes = turn.take();
        if (writes.isEmpty()) answerFromMemory();
        else settle(core.committer().submit(new Unit(range.tenure(), writes)).join());
    }

    /// The deadline of trust is checked after the answers were computed; before, a pause in between would go unnoticed.
    private void answerFromMemory() {
        boolean fenced = turn.isTransactional();
        if (fenced || (core.trusted().getAsBoolean() && !range.isHalted())) answers.release();
        else fail(new NotOwner("the lease of " + range + " is not surely held any more"));
    }

    private void settle(CommitResult result) {
        switch (result) {
            case CommitResult.Committed committed -> answers.release();
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

    private void fail(Throwable error) {
        core.replies().fail(answers.withdraw(), error);
    }

    private static <E> List<E> concat(List<E> first, List<E> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}

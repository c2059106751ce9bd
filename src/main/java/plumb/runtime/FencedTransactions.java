package plumb.runtime;

import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.Transactional;
import java.io.Serializable;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.dispatch.Turn;

/// Around `@Transactional` on a key's thread, before the container's own interceptor: commits what the turn has
/// pending, then runs the transaction as one task on the server's threads while the key's thread waits.
/// Container-managed persistence on threads of our own put the fence and the writes into different transactions on
/// Payara.
@Interceptor
@Transactional
@Priority(Interceptor.Priority.PLATFORM_BEFORE + 100)
public class FencedTransactions implements Serializable {
    private static final long serialVersionUID = 1;

    /// What the fence inside the transaction reports to the outside; present where the transaction is a key's.
    static final ScopedValue<Attempt> ATTEMPT = ScopedValue.newInstance();

    /// One transaction's trace.
    static final class Attempt {
        volatile @Nullable String xid;
        volatile boolean returned;
        volatile @Nullable Object result;
    }

    @Inject
    transient Plumbing plumbing;

    @AroundInvoke
    @Nullable
    Object around(InvocationContext call) throws Exception {
        if (!Turn.isBound() || ATTEMPT.isBound()) return call.proceed();
        Turn turn = Turn.current();
        turn.beginTransaction();
        var attempt = new Attempt();
        if (!turn.isOnKeyThread()) return within(attempt, call); // a load's: on the server's threads already
        try {
            return plumbing.parts().container.run(() -> turn.where(() -> within(attempt, call)));
        } catch (Exception e) {
            turn.transactionFailed();
            if (attempt.returned) return settled(turn, attempt, e);
            throw e;
        }
    }

    private static @Nullable Object within(Attempt attempt, InvocationContext call) throws Exception {
        return ScopedValue.where(ATTEMPT, attempt).<@Nullable Object, Exception>call(call::proceed);
    }

    /// The domain's method returned and the commit failed: only the database knows what became of it.
    private @Nullable Object settled(Turn turn, Attempt attempt, Exception cause) {
        return switch (plumbing.parts().doubts.settle(Set.of(turn.tenure()), attempt.xid)) {
            case APPLIED -> attempt.result;
            case NOT_APPLIED -> throw new NotOwner("the transaction was rolled back: " + cause);
            case UNKNOWN -> throw new OutcomeUnknown("the transaction's outcome could not be found out: " + cause);
        };
    }
}

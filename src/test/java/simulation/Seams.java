package simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.BiFunction;
import plumb.Handler;
import plumb.commit.Committer;
import plumb.commit.Doubt;
import plumb.commit.FencedStore;
import plumb.ownership.LeaseTable;
import plumb.ownership.OwnershipListener;

/// Where something else may stand between two parts of an instance. Here nothing does.
interface Seams {
    /// Between the routing table and the rows.
    default LeaseTable routing(LeaseTable real) {
        return real;
    }

    /// Between what a hand-over brings and the rows.
    default LeaseTable arrivals(LeaseTable real) {
        return real;
    }

    /// Between the lane and the database.
    default FencedStore store(FencedStore real) {
        return real;
    }

    /// Between the handlers and the lane.
    default Committer committer(Committer real, Instance instance) {
        return real;
    }

    /// Between the handlers and the domain.
    default Handler.Factory<Book> books(Handler.Factory<Book> real) {
        return real;
    }

    /// Between ownership and the rest.
    default OwnershipListener ties(OwnershipListener real) {
        return real;
    }

    /// Between the lane and what settles its doubts.
    default Doubt doubt(Doubt real, Instance instance) {
        return real;
    }

    /// Between the handlers and the deadline of trust.
    default boolean trusted(boolean holds) {
        return holds;
    }

    /// Whether a transaction takes the fence.
    default boolean fences() {
        return true;
    }

    /// The table with another answer to one of its methods.
    static LeaseTable instead(LeaseTable real, String method, BiFunction<LeaseTable, Object, Object> answer) {
        Class<?>[] port = {LeaseTable.class};
        return (LeaseTable) Proxy.newProxyInstance(port[0].getClassLoader(), port, (proxy, called, arguments) -> {
            if (called.getName().equals(method)) return answer.apply(real, arguments[0]);
            try {
                return called.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }
}

package plumb.runtime;

import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.NotOwner;
import plumb.dispatch.Turn;
import plumb.keyspace.Tenure;
import plumb.postgres.FenceSql;

/// Inside the container's transaction: takes the fence through the same `EntityManager` that the domain writes with,
/// and compares the transaction's id after the flush, so that fence and writes cannot have gone different ways
/// unnoticed.
@Interceptor
@Transactional
@Priority(Interceptor.Priority.PLATFORM_BEFORE + 300)
public class TransactionFence implements Serializable {
    private static final long serialVersionUID = 1;

    @PersistenceContext(unitName = "plumb")
    transient EntityManager entities;

    @Resource(lookup = "java:comp/TransactionSynchronizationRegistry")
    transient TransactionSynchronizationRegistry transactions;

    @AroundInvoke
    @Nullable
    Object around(InvocationContext call) throws Exception {
        if (!FencedTransactions.ATTEMPT.isBound() || transactions.getTransactionStatus() != Status.STATUS_ACTIVE)
            return call.proceed();
        FencedTransactions.Attempt attempt = FencedTransactions.ATTEMPT.get();
        if (attempt.xid != null) return call.proceed(); // a nested call within the fenced transaction
        Tenure tenure = Turn.current().tenure();
        String xid = fence(tenure);
        attempt.xid = xid;
        Object result = call.proceed();
        entities.flush();
        if (!xid.startsWith(scalar(FenceSql.CURRENT_TRANSACTION) + "@"))
            throw new IllegalStateException("fence and writes were in different transactions; rolled back");
        attempt.result = result;
        attempt.returned = true;
        return result;
    }

    private String fence(Tenure tenure) {
        List<?> rows = entities.createNativeQuery(FenceSql.ONE_TENURE)
                .setParameter(1, "plumb:" + tenure.owner())
                .setParameter(2, tenure.range().value())
                .setParameter(3, tenure.owner().id().toString())
                .setParameter(4, tenure.epoch().value())
                .getResultList();
        if (rows.isEmpty())
            throw new NotOwner("range " + tenure.range() + " is not held in epoch " + tenure.epoch() + " any more");
        return String.valueOf(rows.getFirst() instanceof Object[] row ? row[0] : rows.getFirst());
    }

    private String scalar(String sql) {
        Object row = entities.createNativeQuery(sql).getSingleResult();
        return String.valueOf(row instanceof Object[] columns ? columns[0] : row);
    }
}

package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import plumb.commit.CommitResult.Outcome;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.ownership.InMemoryLeaseTable;
import plumb.ownership.InstanceInfo;
import plumb.ownership.KeeperSettings;
import plumb.ownership.Lease;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTable;
import plumb.ownership.LeaseTableException;
import plumb.ownership.OwnershipListener;
import plumb.ownership.Trust;
import plumb.postgres.TransactionStatus.State;

/// A real keeper over the twin of the lease table, which is away when the doubt arises.
class DoubtsTest {
    private volatile boolean away;
    private final InMemoryLeaseTable table = new InMemoryLeaseTable();
    private final LeaseKeeper keeper = new LeaseKeeper(
            new InstanceInfo("a", "http://a", "http://a", "1"),
            KeeperSettings.defaults(),
            (LeaseTable) Proxy.newProxyInstance(
                    LeaseTable.class.getClassLoader(),
                    new Class<?>[] {LeaseTable.class},
                    (proxy, method, arguments) -> {
                        if (away) throw new LeaseTableException("away", new IOException("away"));
                        try {
                            return method.invoke(table, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }),
            table.heartbeat(),
            new Trust(System::nanoTime),
            new Nobody(),
            version -> {},
            peer -> CompletableFuture.completedFuture(true),
            System::nanoTime);
    private final Executor aside = task -> Thread.ofVirtual().start(task);
    private final Doubts doubts = new Doubts(
            keeper,
            (xid, owner) -> State.UNKNOWN,
            Duration.ofMillis(1),
            aside,
            System::nanoTime,
            LockSupport::parkNanos);

    @AfterEach
    void stop() {
        away = false;
        doubts.stop();
        keeper.stop();
    }

    /// Else the keeper would hold a lease whose keys nobody serves.
    @Test
    void aTenureThatCouldNotBeEndedInTimeIsEndedLater() throws Exception {
        table.createRanges("customer", "UUID", 1);
        keeper.start();
        keeper.open();
        assertThat(keeper.awaitReady(Duration.ofSeconds(10))).isTrue();
        Tenure before = keeper.leases().getFirst().tenure();

        away = true;
        assertThat(doubts.settle(Set.of(before), null)).isEqualTo(Outcome.UNKNOWN);
        away = false;

        await().until(() -> keeper.leases().stream()
                .anyMatch(lease -> lease.tenure().epoch().isAfter(before.epoch())));
    }

    private static final class Nobody implements OwnershipListener {
        @Override
        public void granted(Lease lease, boolean handedOver) {}

        @Override
        public void lost(Lease lease, String cause) {}

        @Override
        public CompletionStage<HandedAlong> drain(Lease lease) {
            return CompletableFuture.completedFuture(HandedAlong.NOTHING);
        }

        @Override
        public void undrain(Lease lease) {}

        @Override
        public void registered(Incarnation incarnation) {}
    }
}

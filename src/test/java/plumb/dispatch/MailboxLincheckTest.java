package plumb.dispatch;

import java.time.Duration;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;
import plumb.Deadline;

/// Every interleaving of a few senders, one handler and somebody who drains or closes is one of them taking turns.
public class MailboxLincheckTest {
    private static final int BOUND = 2;

    private final Mailbox<String> mailbox = new Mailbox<>(BOUND);

    @Operation
    public String offer(@Param(gen = IntGen.class) int number) {
        return offer(Rank.USUAL, number);
    }

    @Operation
    public String offerUrgent(@Param(gen = IntGen.class) int number) {
        return offer(Rank.URGENT, number);
    }

    private String offer(Rank rank, int number) {
        return mailbox.offer(new Envelope<>(rank, new Deadline(number), state -> state))
                .name();
    }

    @Operation
    public void drain() {
        mailbox.drain();
    }

    @Operation
    public int close() {
        return mailbox.close().size();
    }

    /// There is one loop that takes and that ends it.
    @Operation(nonParallelGroup = "loop")
    public boolean await() {
        return mailbox.await(Duration.ZERO);
    }

    @Operation(nonParallelGroup = "loop")
    public String poll() {
        Envelope<String, ?> taken = mailbox.poll();
        return taken == null ? "nobody" : taken.rank() + " " + taken.deadline().nanos();
    }

    @Operation(nonParallelGroup = "loop")
    public boolean isDraining() {
        return mailbox.isDraining();
    }

    @Operation(nonParallelGroup = "loop")
    public int takeAll() {
        return mailbox.takeAll().size();
    }

    @Operation(nonParallelGroup = "loop")
    public boolean closeIfEmpty() {
        return mailbox.closeIfEmpty();
    }

    @Test
    void isLinearizable() {
        new ModelCheckingOptions()
                .iterations(8)
                .invocationsPerIteration(100)
                .threads(3)
                .actorsPerThread(3)
                .check(MailboxLincheckTest.class);
    }
}

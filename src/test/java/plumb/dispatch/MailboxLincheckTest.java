package plumb.dispatch;

import java.util.List;
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

    @Operation
    public int expire(@Param(gen = IntGen.class) int before) {
        return mailbox.takeIf(each -> each.deadline().passed(before)).size();
    }

    @Operation
    public boolean askToLeave() {
        return mailbox.askToLeave();
    }

    /// There is one loop that takes and that ends it. It does not wait here: nothing would wake it for sure.
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
    public boolean awaitOnceDraining() {
        mailbox.drain();
        return mailbox.await();
    }

    @Operation(nonParallelGroup = "loop")
    public String putBack(@Param(gen = IntGen.class) int number) {
        var envelope = new Envelope<String, String>(Rank.USUAL, new Deadline(number), state -> state);
        return mailbox.putBack(List.of(envelope)).isEmpty() ? "back" : "closed";
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

package plumb.dispatch;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;
import plumb.Deadline;
import plumb.dispatch.Envelope.Request;

/// Every interleaving of a few senders, one handler and somebody who closes is one of them taking turns.
public class MailboxLincheckTest {
    private static final int BOUND = 2;

    private final Mailbox<String> mailbox = new Mailbox<>(BOUND);

    @Operation
    public String offer(@Param(gen = IntGen.class) int number) {
        return mailbox.offer(new Request<>(new Deadline(number), state -> state, new CompletableFuture<>()))
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
    public String take() {
        return mailbox.take(2, Duration.ZERO).stream()
                .map(envelope -> envelope instanceof Request<?, ?> request
                        ? "" + request.deadline().nanos()
                        : "drain")
                .toList()
                .toString();
    }

    @Operation(nonParallelGroup = "loop")
    public boolean closeIfEmpty() {
        return mailbox.closeIfEmpty();
    }

    @Test
    void isLinearizable() {
        new ModelCheckingOptions()
                .iterations(5)
                .invocationsPerIteration(100)
                .threads(3)
                .actorsPerThread(3)
                .check(MailboxLincheckTest.class);
    }
}

package plumb.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one key's loop has to run: first what ran already, in a turn that came to nothing, then what the mailbox holds.
/// For the loop's thread alone.
final class Waiting<T> {
    private final Mailbox<T> mailbox;
    private final ArrayDeque<Envelope<T, ?>> again = new ArrayDeque<>(0);

    Waiting(Mailbox<T> mailbox) {
        this.mailbox = mailbox;
    }

    /// Takes the next one out; null: nobody waits.
    @Nullable
    Envelope<T, ?> poll() {
        Envelope<T, ?> next = again.poll();
        return next == null ? mailbox.poll() : next;
    }

    /// Puts back what has to run again, in its order, before everything else.
    void again(List<Envelope<T, ?>> envelopes) {
        for (Envelope<T, ?> envelope : envelopes.reversed()) {
            envelope.reply().beginAnew();
            again.addFirst(envelope);
        }
    }

    boolean hasAgain() {
        return !again.isEmpty();
    }

    /// Takes out what is to run again.
    List<Envelope<T, ?>> takeAgain() {
        var all = List.copyOf(again);
        again.clear();
        return all;
    }

    /// Takes all out.
    List<Envelope<T, ?>> takeAll() {
        var all = new ArrayList<>(takeAgain());
        all.addAll(mailbox.takeAll());
        return all;
    }
}

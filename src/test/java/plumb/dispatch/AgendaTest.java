package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AgendaTest {
    /// Just before the clock wraps.
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);

    private final Agenda agenda = new Agenda(now::get);
    private final List<String> begun = new ArrayList<>();

    @Test
    void whatIsDueBeginsInItsOrderAndOnce() {
        long start = now.get();
        agenda.at(start + 30, () -> begun.add("c"));
        agenda.at(start + 20, () -> begun.add("a"));
        agenda.at(start + 20, () -> begun.add("b"));
        now.addAndGet(19);
        assertThat(agenda.runDue()).isZero();

        now.addAndGet(1);
        assertThat(agenda.runDue()).isEqualTo(2);
        now.addAndGet(100);
        assertThat(agenda.runDue()).isOne();

        assertThat(begun).containsExactly("a", "b", "c");
        assertThat(agenda.size()).isZero();
    }

    @Test
    void whatIsCancelledDoesNotBegin() {
        Agenda.Entry entry = agenda.at(now.get() + 5, () -> begun.add("never"));
        agenda.at(now.get() + 5, () -> begun.add("a"));
        entry.cancel();
        entry.cancel();
        now.addAndGet(5);

        agenda.runDue();

        assertThat(begun).containsExactly("a");
    }

    @Test
    void whatBeginsMayEnterMore() {
        agenda.at(now.get(), () -> agenda.at(now.get(), () -> begun.add("second")));

        assertThat(agenda.runDue()).isEqualTo(2);
        assertThat(begun).containsExactly("second");
    }

    /// Somebody waits for the later one already.
    @Test
    void anEarlierEntryWakesWhoeverWaits() throws Exception {
        var real = new Agenda(System::nanoTime);
        var done = new CompletableFuture<String>();
        real.at(System.nanoTime() + TimeUnit.HOURS.toNanos(1), () -> {});
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                real.await(TimeUnit.HOURS.toNanos(1));
                real.runDue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        real.at(System.nanoTime(), () -> done.complete("begun"));

        assertThat(done.get(10, TimeUnit.SECONDS)).isEqualTo("begun");
        waiting.join();
    }
}

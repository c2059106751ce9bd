package plumb.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import plumb.dispatch.Agenda;

/// Serves the agenda: begins what handlers do by themselves when its time has come.
final class AgendaThread implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AgendaThread.class.getName());
    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

    private final Agenda agenda;
    private final Thread thread;

    AgendaThread(Agenda agenda, Threads threads) {
        this.agenda = agenda;
        this.thread = threads.platform("plumb-agenda").newThread(this::serve);
    }

    void start() {
        thread.start();
    }

    private void serve() {
        while (true) {
            try {
                agenda.await(LONGEST_NANOS);
                agenda.runDue();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) { // the thread must outlive what it begins
                LOG.log(Level.WARNING, "something that was due failed", e);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

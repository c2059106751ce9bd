package plumb.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import plumb.Deadline;
import plumb.dispatch.ContainerTasks;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Probe;
import plumb.http.SelfHop;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;
import plumb.ownership.InstanceRow;

/// What a fresh process does before it claims anything, so that no customer waits while classes are loaded and
/// connections opened. Nothing that is written by it is ever committed, and what goes wrong is no worse than at the
/// first customer. Blocks; used once, on a platform thread: where many classes are loaded, virtual ones would keep
/// their carriers.
final class DressRehearsal {
    private static final Logger LOG = System.getLogger(DressRehearsal.class.getName());

    /// The first pass loads classes, the others are for the compiler.
    private static final int PASSES = 3;

    private final Domains domains;
    private final Dispatcher dispatcher;
    private final SelfHop hop;
    private final Probe probe;
    private final ContainerTasks container;
    private final LongSupplier nanoTime;

    DressRehearsal(
            Domains domains,
            Dispatcher dispatcher,
            SelfHop hop,
            Probe probe,
            ContainerTasks container,
            LongSupplier nanoTime) {
        this.domains = domains;
        this.dispatcher = dispatcher;
        this.hop = hop;
        this.probe = probe;
        this.container = container;
        this.nanoTime = nanoTime;
    }

    /// @param me with the address at which peers reach it
    void run(Repertoire repertoire, InstanceRow me, Duration atMost) {
        long begun = nanoTime.getAsLong();
        Deadline deadline = Deadline.in(atMost, begun);
        probe.send(); // the lane's connection and statements
        own(repertoire.own());
        hop.open(me);
        domains.types().forEach((domain, type) -> {
            Key example = Key.of(domain, type, type.example());
            rehearse(example, repertoire.gets().getOrDefault(domain, List.of()), deadline);
        });
        hop.close();
        long millis = Duration.ofNanos(nanoTime.getAsLong() - begun).toMillis();
        LOG.log(Level.INFO, () -> "The rehearsal took " + Long.toString(millis) + " ms");
    }

    private void own(Runnable part) {
        try {
            container.run(() -> {
                part.run();
                return null;
            });
        } catch (Exception e) {
            LOG.log(Level.WARNING, "The application's own rehearsal went wrong", e);
        }
    }

    private void rehearse(Key example, List<String> paths, Deadline deadline) {
        dispatcher.rehearse(example);
        await(dispatcher.warm(example, deadline), deadline);
        for (int pass = 0; pass < PASSES; pass++)
            for (String path : paths)
                if (!deadline.passed(nanoTime.getAsLong()) && !hop.get(example, path, deadline))
                    LOG.log(Level.WARNING, () -> "This instance does not answer itself at " + path);
        await(dispatcher.endRehearsal(example), deadline);
    }

    private void await(CompletableFuture<?> end, Deadline deadline) {
        try {
            end.get(deadline.left(nanoTime.getAsLong()).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.WARNING, () -> "The rehearsal went wrong: " + e);
        }
    }
}

package plumb.client;

import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The addresses that may be asked, and which of them did not answer just now. Thread-safe.
final class Doors {
    private static final long DISTRUST_MILLIS = 2_000;

    private final List<URI> seeds;
    private final Set<URI> distrusted = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();
    private final Executor later =
            CompletableFuture.delayedExecutor(DISTRUST_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);

    Doors(List<URI> seeds) {
        if (seeds.isEmpty()) throw new IllegalArgumentException("at least one seed is needed");
        this.seeds = seeds.stream().map(Doors::base).toList();
    }

    /// An address that a path can be put behind.
    static URI base(URI address) {
        String text = address.toString();
        boolean isWeb = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!isWeb || address.getHost() == null || address.getRawQuery() != null || address.getRawFragment() != null)
            throw new IllegalArgumentException("no http address: " + text);
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : address;
    }

    /// All that may be tried, each once: the owner, the seeds from another one each time, what else is known. Who did
    /// not answer just now comes last.
    ///
    /// @param owner null: not known
    List<URI> inOrder(@Nullable URI owner, Collection<URI> known) {
        var all = new LinkedHashSet<URI>();
        if (owner != null) all.add(owner);
        int from = Math.floorMod(next.getAndIncrement(), seeds.size());
        all.addAll(seeds.subList(from, seeds.size()));
        all.addAll(seeds.subList(0, from));
        all.addAll(known);
        var order = new LinkedHashSet<URI>();
        all.stream().filter(Predicate.not(distrusted::contains)).forEach(order::add);
        order.addAll(all);
        return List.copyOf(order);
    }

    /// It did not answer: for a while, others are asked first.
    void distrust(URI door) {
        if (distrusted.add(door)) later.execute(() -> distrusted.remove(door));
    }
}

package usualpizza;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import plumb.LiveTotal;
import plumb.LiveTotals;

/// When a pizza that is ordered now will be there: the sooner, the fewer are being made in the whole cluster. How many
/// that is it knows about, not exactly: the figure is asked for aside when somebody wants to know and the last one is
/// older than some seconds, and until there is an answer the last one does.
///
/// Thread-safe; nobody waits here.
@ApplicationScoped
public class Kitchen {
    static final Duration FRESH = Duration.ofSeconds(5);
    /// For as many pizzas as there are ovens.
    static final Duration ROUND = Duration.ofMinutes(5);
    /// Beyond that a promise is worth nothing.
    static final Duration LONGEST = Duration.ofMinutes(90);

    private static final System.Logger LOG = System.getLogger(Kitchen.class.getName());

    @Inject
    LiveTotals totals;

    @Inject
    InstantSource time;

    /// Of one pizza in an idle kitchen, from the order to the door.
    @Inject
    @ConfigProperty(name = "usualpizza.preparation", defaultValue = "PT20M")
    Duration preparation;

    /// Pizzas that are made at a time, in the whole cluster.
    @Inject
    @ConfigProperty(name = "usualpizza.ovens", defaultValue = "8")
    int ovens;

    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile @Nullable Reading<Long> last;

    /// A wrong setting fails the deployment, rather than each order.
    void open(@Observes @Initialized(ApplicationScoped.class) Object event) {
        if (ovens < 1) throw new IllegalArgumentException("usualpizza.ovens must be at least 1, not " + ovens);
        if (preparation.isNegative())
            throw new IllegalArgumentException("usualpizza.preparation must not be negative: " + preparation);
    }

    /// Does not block.
    Instant expectedAt(Instant placedAt) {
        Duration wait = preparation.plus(queue(pizzas()));
        Duration longest = preparation.compareTo(LONGEST) > 0 ? preparation : LONGEST;
        return placedAt.plus(wait.compareTo(longest) > 0 ? longest : wait);
    }

    private Duration queue(long pizzas) {
        long rounds = Math.max(0, pizzas) / ovens;
        return ROUND.multipliedBy(Math.min(rounds, LONGEST.dividedBy(ROUND)));
    }

    /// As last heard; none before the first answer.
    private long pizzas() {
        Reading<Long> known = last;
        Instant now = time.instant();
        if ((known == null || !known.isFresh(now, FRESH)) && asking.compareAndSet(false, true)) ask(now);
        return known == null ? 0 : known.value();
    }

    private void ask(Instant now) {
        try {
            totals.of(Usual.IN_PREPARATION).whenComplete((total, failure) -> heard(total, failure, now));
        } catch (RuntimeException e) {
            heard(null, e, now);
        }
    }

    /// A figure that could not be had is not asked for with each order.
    private void heard(@Nullable LiveTotal total, @Nullable Throwable failure, Instant asked) {
        Reading<Long> before = last;
        if (total == null) LOG.log(System.Logger.Level.WARNING, "nobody says how busy the kitchen is", failure);
        long pizzas = total != null ? total.value() : before == null ? 0 : before.value();
        last = new Reading<>(pizzas, asked);
        asking.set(false);
    }
}

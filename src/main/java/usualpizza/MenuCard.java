package usualpizza;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import plumb.Rehearsal;

/// The menu, read again when it is older than half a minute. It is reference data: no customer owns it, so no handler
/// may keep it as its state, and a change of it reaches every instance half a minute later. An order keeps the price
/// that its customer's owner knew.
///
/// Thread-safe. One caller reads while the others go on with what is there; only the very first read makes all wait.
@ApplicationScoped
public class MenuCard {
    static final Duration FRESH = Duration.ofSeconds(30);

    private static final System.Logger LOG = System.getLogger(MenuCard.class.getName());

    @Inject
    Archive archive;

    @Inject
    InstantSource time;

    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Reading<Menu> last;

    /// Else the first order would wait for the menu, and for the first query to be parsed.
    void rehearse(@Observes Rehearsal rehearsal) {
        current();
    }

    /// Blocks for two queries when the last reading is too old and nobody else reads already.
    Menu current() {
        Reading<Menu> known = last;
        if (known != null && known.isFresh(time.instant(), FRESH)) return known.value();
        return known == null ? readFirst() : readAgain(known);
    }

    private Menu readFirst() {
        reading.lock();
        try {
            Reading<Menu> known = last;
            return known == null ? read() : known.value();
        } finally {
            reading.unlock();
        }
    }

    private Menu readAgain(Reading<Menu> known) {
        if (!reading.tryLock()) return known.value();
        try {
            return read();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the menu could not be read again; the last one stays", e);
            last = new Reading<>(known.value(), time.instant());
            return known.value();
        } finally {
            reading.unlock();
        }
    }

    private Menu read() {
        Instant before = time.instant();
        Menu menu = archive.menu();
        last = new Reading<>(menu, before);
        return menu;
    }
}

package usualpizza;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import plumb.Overloaded;

/// Portions of one ingredient that this instance has taken out of the store room, for its customers. Thread-safe; who
/// finds it empty fills it, and blocks for that, while others wait for him.
final class Tray {
    /// As much as an instance takes at once; a crash throws away that much at most, of each ingredient.
    static final int SIZE = 1_000;

    private final String ingredient;
    private final Stock stock;
    private final AtomicInteger portions = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final ReentrantLock filling = new ReentrantLock();

    Tray(String ingredient, Stock stock) {
        this.ingredient = ingredient;
        this.stock = stock;
    }

    /// @return false: there are not so many, neither here nor in the store room
    /// @throws Overloaded if the store room does not answer
    boolean take(int wanted) {
        if (takeFromHere(wanted)) return true;
        int failed = failures.get();
        filling.lock();
        try {
            return takeFromHere(wanted) || fillAndTake(wanted, failed);
        } finally {
            filling.unlock();
        }
    }

    private boolean takeFromHere(int wanted) {
        return portions.getAndUpdate(here -> here < wanted ? here : here - wanted) >= wanted;
    }

    /// Others take from the tray meanwhile, so once may not be enough.
    ///
    /// @param failed before the caller waited: who waited for a failure does not wait for another one
    private boolean fillAndTake(int wanted, int failed) {
        if (failures.get() != failed)
            throw new Overloaded(Overloaded.Scope.INSTANCE, "the store room did not answer just now");
        for (int got = fill(wanted); got > 0; got = fill(wanted)) if (takeFromHere(wanted)) return true;
        return takeFromHere(wanted);
    }

    private int fill(int wanted) {
        try {
            int got = stock.take(ingredient, Math.max(1, wanted - portions.get()), SIZE);
            portions.addAndGet(got);
            return got;
        } catch (RuntimeException e) {
            failures.incrementAndGet();
            throw e;
        }
    }

    /// Does not block.
    void giveBack(int unused) {
        portions.addAndGet(unused);
    }

    /// Puts everything back into the store room. Blocks.
    void empty() {
        int left = portions.getAndSet(0);
        if (left > 0) stock.giveBack(ingredient, left);
    }
}

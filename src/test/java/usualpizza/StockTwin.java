package usualpizza;

import java.util.HashMap;
import java.util.Map;
import plumb.Overloaded;

/// The store room, in memory. Thread-safe.
final class StockTwin implements Stock {
    private final Map<String, Integer> portions = new HashMap<>();
    private int taken;
    private boolean away;

    synchronized StockTwin with(String ingredient, int delivered) {
        portions.put(ingredient, delivered);
        return this;
    }

    synchronized int of(String ingredient) {
        return portions.getOrDefault(ingredient, 0);
    }

    /// How often somebody came.
    synchronized int visits() {
        return taken;
    }

    synchronized void away(boolean gone) {
        away = gone;
    }

    @Override
    public synchronized int take(String ingredient, int least, int most) {
        taken++;
        if (away) throw new Overloaded(Overloaded.Scope.INSTANCE, "away");
        int stock = of(ingredient);
        if (stock < least) return 0;
        int portion = Math.max(least, Math.min(most, stock / 4));
        portions.put(ingredient, stock - portion);
        return portion;
    }

    @Override
    public synchronized void giveBack(String ingredient, int unused) {
        if (away) throw new Overloaded(Overloaded.Scope.INSTANCE, "away");
        portions.merge(ingredient, unused, Integer::sum);
    }
}

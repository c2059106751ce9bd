package usualpizza;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import plumb.Rehearsal;
import plumb.Rejection;

/// The ingredients that this instance has at hand, for all its customers: a tray of each, filled from the store room.
/// So an order costs the database nothing but its own rows, and never is more sold than was delivered: what lies on a
/// tray has left the store room before. The other way round it does happen: what is on the trays of an instance that
/// crashes is thrown away, as is what an order took whose commit failed; and a portion on one instance's tray is no use
/// to a customer of another. An instance that stops puts everything back.
///
/// Thread-safe. Blocks the one whose order finds a tray empty, and who wants the same ingredient at that moment.
@ApplicationScoped
public class Pantry {
    private static final System.Logger LOG = System.getLogger(Pantry.class.getName());

    @Inject
    Stock stock;

    private final ConcurrentMap<String, Tray> trays = new ConcurrentHashMap<>();

    /// Else the first order would wait for a connection and for the statement to be parsed. Nothing on the menu is
    /// called that, so nothing is taken.
    void rehearse(@Observes Rehearsal rehearsal) {
        stock.take("", 1, 1);
    }

    /// Takes all of it, or nothing. What is named twice is a double portion.
    ///
    /// @throws Rejection 409 `sold-out`, if there is not enough of something
    /// @throws plumb.Overloaded if the store room does not answer
    void take(List<String> ingredients) {
        var taken = new LinkedHashMap<String, Integer>();
        var missing = new ArrayList<String>();
        try {
            portions(ingredients).forEach((ingredient, portions) -> {
                if (tray(ingredient).take(portions)) taken.put(ingredient, portions);
                else missing.add(ingredient);
            });
        } catch (RuntimeException e) {
            giveBack(taken);
            throw e;
        }
        if (missing.isEmpty()) return;
        giveBack(taken);
        throw new Rejection(409, "sold-out", "There is not enough left of: " + String.join(", ", missing) + ".");
    }

    /// What was taken and has not been used. Does not block.
    void giveBack(List<String> ingredients) {
        giveBack(portions(ingredients));
    }

    /// Once a cancel is committed: before that the portions may still be needed, and an order would be sold twice.
    ///
    /// @param before the order as it was; only what was just PLACED has not been touched
    void cancelled(Ticket before) {
        if (before.stage() == Stage.PLACED) giveBack(before.order().ingredients());
    }

    private void giveBack(Map<String, Integer> portions) {
        portions.forEach((ingredient, unused) -> tray(ingredient).giveBack(unused));
    }

    private static Map<String, Integer> portions(List<String> ingredients) {
        var portions = new LinkedHashMap<String, Integer>();
        for (String ingredient : ingredients) portions.merge(ingredient, 1, Integer::sum);
        return portions;
    }

    /// Of what is on the menu, so there are not many.
    private Tray tray(String ingredient) {
        Tray known = trays.get(ingredient);
        return known != null ? known : trays.computeIfAbsent(ingredient, name -> new Tray(name, stock));
    }

    /// After the plumbing has given everybody away, and while classes can still be loaded: at `@PreDestroy` servers
    /// have stopped the application's class loader already.
    void close(
            @Observes @BeforeDestroyed(ApplicationScoped.class) @Priority(Interceptor.Priority.LIBRARY_AFTER)
                    Object event) {
        try {
            trays.values().forEach(Tray::empty);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "what is left on the trays is thrown away", e);
        }
    }
}

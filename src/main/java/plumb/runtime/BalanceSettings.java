package plumb.runtime;

import java.time.Duration;
import org.eclipse.microprofile.config.Config;
import plumb.balance.Budget;
import plumb.balance.PlannerSettings;

/// How ranges are balanced by measured load.
///
/// @param enabled `plumb.balance.enabled`: plan by load; default true; false: everybody has as many ranges
/// @param every `plumb.balance.every`: the period of the rounds, of which one instance runs each; default 10 s
/// @param planner with `plumb.balance.threshold`: per cent above the mean from which somebody is too full; default 10
/// @param budget `plumb.balance.max-moves`: per minute, default 60, or a quarter of all ranges if that is more;
/// `plumb.balance.key-space-per-hour`: per cent that
///     may be moved, default 1000, because each restart of all instances moves all of it once
/// @param warm `plumb.balance.warm`: a newcomer that is younger gets its ranges one after the other; default 15 s
record BalanceSettings(boolean enabled, Duration every, PlannerSettings planner, Budget budget, Duration warm) {
    private static final String ENABLED = "plumb.balance.enabled";

    static BalanceSettings from(Settings.Reader read) {
        PlannerSettings usual = PlannerSettings.defaults();
        return new BalanceSettings(
                isEnabled(read.config()),
                read.duration("plumb.balance.every", "10s"),
                new PlannerSettings(
                        read.number("plumb.balance.threshold", 10) / 100.0,
                        usual.leastGain(),
                        usual.steps(),
                        usual.stepsInNeed(),
                        usual.ranges()),
                budget(read),
                read.duration("plumb.balance.warm", "15s"));
    }

    private static Budget budget(Settings.Reader read) {
        double keySpace = read.number("plumb.balance.key-space-per-hour", 1_000) / 100.0;
        int moves = read.number("plumb.balance.max-moves", Budget.USUAL.movesPerMinute());
        boolean said = read.text("plumb.balance.max-moves").isPresent();
        return new Budget(moves, said ? 0 : Budget.USUAL.partPerMinute(), keySpace);
    }

    static boolean isEnabled(Config config) {
        return config.getOptionalValue(ENABLED, String.class)
                .map(Boolean::parseBoolean)
                .orElse(true);
    }

    /// As if nothing were set.
    static BalanceSettings off() {
        return new BalanceSettings(
                false, Duration.ofSeconds(10), PlannerSettings.defaults(), Budget.USUAL, Duration.ofSeconds(15));
    }
}

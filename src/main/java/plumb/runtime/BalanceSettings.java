package plumb.runtime;

import java.time.Duration;
import org.eclipse.microprofile.config.Config;
import plumb.balance.Budget;
import plumb.balance.PlannerSettings;

/// How ranges are balanced by measured load.
///
/// @param enabled `plumb.balance.enabled`: plan by load; default false: everybody has as many ranges
/// @param every `plumb.balance.every`: the period of the rounds, of which one instance runs each; default 10 s
/// @param planner with `plumb.balance.threshold`: per cent above the mean from which somebody is too full; default 10
/// @param budget `plumb.balance.max-moves`: per minute, default 60; `plumb.balance.key-space-per-hour`: per cent that
/// may
///     be moved, default 200
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
                new Budget(
                        read.number("plumb.balance.max-moves", 60),
                        read.number("plumb.balance.key-space-per-hour", 200) / 100.0),
                read.duration("plumb.balance.warm", "15s"));
    }

    static boolean isEnabled(Config config) {
        return config.getOptionalValue(ENABLED, String.class)
                .map(Boolean::parseBoolean)
                .orElse(false);
    }

    /// As if nothing were set.
    static BalanceSettings off() {
        return new BalanceSettings(
                false, Duration.ofSeconds(10), PlannerSettings.defaults(), new Budget(60, 2), Duration.ofSeconds(15));
    }
}

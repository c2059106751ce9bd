package plumb.balance;

/// How much imbalance is worth how much change.
///
/// @param threshold nobody gives anything as long as the fullest is above the mean by less than this, 0.1 = 10 %
/// @param leastGain nor for less than this, in seconds of work per second: the noise of an idle cluster
/// @param steps in one round, as a rule
/// @param stepsInNeed in one round, if somebody carries less than half or more than one and a half of the mean
/// @param ranges most ranges of a domain
public record PlannerSettings(double threshold, double leastGain, int steps, int stepsInNeed, int ranges) {
    public static PlannerSettings defaults() {
        return new PlannerSettings(0.1, 0.02, 2, 16, 1_024);
    }
}

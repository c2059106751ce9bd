package bench.growth;

import java.util.ArrayList;
import java.util.List;

/// A logarithmic axis: from `first` at pixel `from` to `last` at pixel `to`.
record Axis(double first, double last, int from, int to) {
    private static final double MARGIN = 1.15;

    /// As far as the values go, and a little more.
    static Axis around(List<Double> values, int from, int to) {
        return new Axis(least(values) / MARGIN, most(values) * MARGIN, from, to);
    }

    /// From a power of ten to a power of ten.
    static Axis inPowers(List<Double> values, int from, int to) {
        double first = Math.pow(10, Math.floor(Math.log10(least(values))));
        double last = Math.pow(10, Math.ceil(Math.log10(most(values))));
        return new Axis(first, last > first ? last : 10 * first, from, to);
    }

    private static double least(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    private static double most(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    double at(double value) {
        return from + (to - from) * Math.log(value / first) / Math.log(last / first);
    }

    /// Of ten, on this axis.
    List<Double> powers() {
        var powers = new ArrayList<Double>();
        for (double power = first; power <= last * MARGIN; power *= 10) powers.add(power);
        return powers;
    }
}

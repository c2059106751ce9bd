package plumb.runtime;

import java.util.List;
import java.util.Map;
import java.util.Set;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.LiveSum;
import plumb.http.GaugeTotals;
import plumb.keyspace.RangeId;

/// The live gauges of this instance. A range that has just been handed over is not settled before its keys are loaded.
record GaugesHere(Dispatcher dispatcher, Arrivals arrivals) implements GaugeTotals.Here {
    @Override
    public Map<String, String> gauges() {
        return dispatcher.gauges();
    }

    @Override
    public List<LiveSum> sums(String gauge) {
        Set<RangeId> arriving = arrivals.arriving(); // before the sums: whoever is loaded later is not in them
        return dispatcher.live(gauge).stream()
                .map(sum -> arriving.contains(sum.range()) ? sum.unsettled() : sum)
                .toList();
    }
}

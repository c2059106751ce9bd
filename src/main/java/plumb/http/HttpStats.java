package plumb.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What the HTTP edge counted since the start. Written by every worker thread, read by `metrics`.
public final class HttpStats {
    /// What became of a request of an owned resource.
    public enum Outcome {
        /// Went on to the resource method here.
        LOCAL,
        /// Sent to the owner, once per hop.
        FORWARDED,
        /// Told the owner's address (307).
        REDIRECTED,
        /// Waited for an owner or for the end of a drain.
        PARKED,
        /// A hop that came here although another instance owns the key (421).
        MISDIRECTED,
        /// Refused at the edge: no owner in time, too many waiting or under way, bad key, body too large.
        REJECTED
    }

    private final Map<Outcome, LongAdder> outcomes = adders(Outcome.class);
    private final Map<HopFailure, LongAdder> failures = adders(HopFailure.class);
    private final LongAdder badSignatures = new LongAdder();
    private final LongAdder forwardNanos = new LongAdder();

    public long count(Outcome outcome) {
        return adder(outcomes, outcome).sum();
    }

    /// Hops that failed in that way.
    public long count(HopFailure failure) {
        return adder(failures, failure).sum();
    }

    /// Requests that claimed to be hops but were not signed by a key of ours.
    public long badSignatures() {
        return badSignatures.sum();
    }

    /// The time that all hops took together, until their answer's head was there.
    public long forwardNanos() {
        return forwardNanos.sum();
    }

    void add(Outcome outcome) {
        adder(outcomes, outcome).increment();
    }

    void add(HopFailure failure) {
        adder(failures, failure).increment();
    }

    void badSignature() {
        badSignatures.increment();
    }

    void forwarded(long nanos) {
        add(Outcome.FORWARDED);
        forwardNanos.add(nanos);
    }

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
        var adders = new EnumMap<E, LongAdder>(type);
        for (E each : type.getEnumConstants()) adders.put(each, new LongAdder());
        return adders;
    }

    private static <E extends Enum<E>> LongAdder adder(Map<E, LongAdder> adders, E of) {
        return java.util.Objects.requireNonNull(adders.get(of));
    }
}

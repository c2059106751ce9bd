package plumb.runtime;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import plumb.balance.Snapshot;
import plumb.http.Json;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Slot;

/// A snapshot as JSON: what a plan was based on can be looked at, and planned again, years later.
public record RecordedSnapshot(List<Who> members, List<What> ranges) {
    /// A member.
    public record Who(String id, String name, boolean warm) {}

    /// A range.
    ///
    /// @param owner empty: nobody who takes part
    public record What(
            int range,
            String domain,
            long lo,
            long hi,
            long epoch,
            String owner,
            boolean pinned,
            boolean busy,
            double load,
            List<Hot> hot) {}

    /// A key that stood out.
    public record Hot(long slot, double share) {}

    static String write(Snapshot snapshot) {
        return Json.binding()
                .write(new RecordedSnapshot(
                        snapshot.members().stream()
                                .map(member -> new Who(member.id().toString(), member.name(), member.warm()))
                                .toList(),
                        snapshot.parts().stream().map(RecordedSnapshot::of).toList()));
    }

    private static What of(Snapshot.Part part) {
        return new What(
                part.id().value(),
                part.domain(),
                part.keys().lo(),
                part.keys().hi(),
                part.epoch().value(),
                part.owner() == null ? "" : part.owner().toString(),
                part.pinned(),
                part.busy(),
                part.load(),
                part.hot().stream()
                        .map(hot -> new Hot(hot.slot().value(), hot.share()))
                        .toList());
    }

    /// The same snapshot again.
    static Snapshot read(String json) {
        var recorded = Json.binding().read(json, RecordedSnapshot.class);
        return new Snapshot(
                recorded.members.stream()
                        .map(who -> new Snapshot.Member(incarnation(who.id), who.name, who.warm))
                        .toList(),
                recorded.ranges.stream().map(RecordedSnapshot::part).toList());
    }

    private static Snapshot.Part part(What what) {
        @Nullable Incarnation owner = what.owner.isEmpty() ? null : incarnation(what.owner);
        return new Snapshot.Part(
                new RangeId(what.range),
                what.domain,
                new KeyRange(what.lo, what.hi),
                new Epoch(what.epoch),
                owner,
                what.pinned,
                what.busy,
                what.load,
                what.hot.stream()
                        .map(hot -> new Snapshot.Hot(new Slot(hot.slot), hot.share))
                        .toList());
    }

    private static Incarnation incarnation(String id) {
        return new Incarnation(UUID.fromString(id));
    }
}

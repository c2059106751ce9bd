package plumb.balance;

import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Slot;

/// What a plan is made of.
///
/// @param members those that take ranges, not those that leave
/// @param parts every range
public record Snapshot(List<Member> members, List<Part> parts) {
    public Snapshot {
        members = List.copyOf(members);
        parts = List.copyOf(parts);
    }

    /// An instance.
    ///
    /// @param warm it has been there for a while; a newcomer gets its ranges one after the other
    public record Member(Incarnation id, String name, boolean warm) {}

    /// A range.
    ///
    /// @param owner null: nobody, or somebody who is about to lose it
    /// @param pinned its owner keeps it
    /// @param busy something happens to it already, towards that owner
    /// @param load seconds of work per second, smoothed
    /// @param hot its hottest keys; empty: none stands out
    public record Part(
            RangeId id,
            String domain,
            KeyRange keys,
            Epoch epoch,
            @Nullable Incarnation owner,
            boolean pinned,
            boolean busy,
            double load,
            List<Hot> hot) {
        public Part {
            hot = List.copyOf(hot);
        }

        /// The same with that owner, who need not keep it.
        Part ownedBy(Incarnation other) {
            return new Part(id, domain, keys, epoch, other, false, busy, load, hot);
        }

        /// The same with that load.
        Part carrying(double now, List<Hot> standOut) {
            return new Part(id, domain, keys, epoch, owner, pinned, busy, now, standOut);
        }
    }

    /// A key that stands out.
    ///
    /// @param share of its range's load, an estimate
    public record Hot(Slot slot, double share) {}
}

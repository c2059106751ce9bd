package plumb.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import plumb.balance.Snapshot.Hot;
import plumb.balance.Snapshot.Member;
import plumb.balance.Snapshot.Part;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Slot;

/// A cluster as it might be, to be planned for. Pure.
public final class WhatIf {
    private WhatIf() {}

    /// One member leaves: its ranges go, one after the other, to whoever carries least, as a drain gives them away;
    /// what
    /// is planned comes on top.
    public static Snapshot without(Snapshot now, Incarnation leaver) {
        List<Member> staying = now.members().stream()
                .filter(member -> !member.id().equals(leaver))
                .toList();
        Snapshot emptied = new Snapshot(staying, now.parts());
        if (staying.isEmpty()) return emptied;
        var scales = new Scales(emptied);
        var parts = new ArrayList<Part>();
        for (Part part : now.parts()) {
            if (!leaver.equals(part.owner())) {
                parts.add(part);
                continue;
            }
            Incarnation taker = staying.stream()
                    .map(Member::id)
                    .min((one, other) -> Double.compare(scales.of(one), scales.of(other)))
                    .orElseThrow();
            scales.move(part, taker);
            parts.add(owned(part, taker));
        }
        return new Snapshot(staying, parts);
    }

    /// So many more join, and are warm already.
    public static Snapshot joined(Snapshot now, int more) {
        var members = new ArrayList<>(now.members());
        for (int i = 1; i <= more; i++) members.add(new Member(new Incarnation(new UUID(0, i)), "joiner-" + i, true));
        return new Snapshot(members, now.parts());
    }

    /// One key costs as much again as its range does now, so it stands out there.
    public static Snapshot doubled(Snapshot now, String domain, Slot slot) {
        return new Snapshot(
                now.members(),
                now.parts().stream()
                        .map(part ->
                                part.domain().equals(domain) && part.keys().contains(slot) ? heavier(part, slot) : part)
                        .toList());
    }

    private static Part owned(Part part, Incarnation owner) {
        return new Part(
                part.id(),
                part.domain(),
                part.keys(),
                part.epoch(),
                owner,
                false,
                part.busy(),
                part.load(),
                part.hot());
    }

    private static Part heavier(Part part, Slot slot) {
        double share = part.hot().stream()
                .filter(hot -> hot.slot().equals(slot))
                .mapToDouble(Hot::share)
                .findFirst()
                .orElse(0);
        double more = Math.max(part.load() * share, part.load());
        double load = part.load() + more;
        var hot = new ArrayList<Hot>();
        hot.add(new Hot(slot, load == 0 ? 1 : (part.load() * share + more) / load));
        part.hot().stream()
                .filter(other -> !other.slot().equals(slot))
                .map(other -> new Hot(other.slot(), other.share() * part.load() / Math.max(load, Double.MIN_VALUE)))
                .forEach(hot::add);
        return new Part(
                part.id(),
                part.domain(),
                part.keys(),
                part.epoch(),
                part.owner(),
                part.pinned(),
                part.busy(),
                load,
                hot);
    }
}

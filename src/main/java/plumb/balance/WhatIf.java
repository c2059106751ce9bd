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
    /// what is planned comes on top.
    public static Snapshot without(Snapshot now, Incarnation leaver) {
        List<Member> staying = now.members().stream()
                .filter(member -> !member.id().equals(leaver))
                .toList();
        Snapshot emptied = new Snapshot(staying, now.parts());
        if (staying.isEmpty()) return emptied;
        var scales = new Scales(emptied, PlannerSettings.defaults().leastGain());
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
            parts.add(part.ownedBy(taker));
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

    private static Part heavier(Part part, Slot slot) {
        var hot = new ArrayList<Hot>();
        double share = 0;
        for (Hot each : part.hot()) {
            if (each.slot().equals(slot)) share = each.share();
            else hot.add(new Hot(each.slot(), each.share() / 2));
        }
        hot.addFirst(new Hot(slot, (share + 1) / 2));
        return part.carrying(2 * part.load(), hot);
    }
}

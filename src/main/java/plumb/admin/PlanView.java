package plumb.admin;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import plumb.balance.Plan;
import plumb.balance.Snapshot;
import plumb.balance.Snapshot.Member;
import plumb.balance.Snapshot.Part;
import plumb.balance.Step;

/// A plan as JSON, and the cluster that it is for.
///
/// @param before the highest load of an instance over the mean, as it is then
/// @param after the same when all steps are done
public record PlanView(List<Share> instances, List<StepView> steps, double before, double after) {
    /// An instance.
    ///
    /// @param load seconds of work per second
    public record Share(String instance, int ranges, double load) {
        static Share of(Member member, Snapshot snapshot) {
            List<Part> own = snapshot.parts().stream()
                    .filter(part -> member.id().equals(part.owner()))
                    .toList();
            return new Share(
                    member.name(),
                    own.size(),
                    own.stream().mapToDouble(Part::load).sum());
        }
    }

    /// One thing to be done.
    ///
    /// @param to the instance that the range goes to; null: it stays
    /// @param at the first slot of the second part; null: it is no split
    public record StepView(
            String kind,
            int range,
            long epoch,
            @Nullable String to,
            @Nullable Long at,
            String reason) {
        /// @param names of the members, by their incarnations
        static StepView of(Step step, Map<String, String> names) {
            return switch (step) {
                case Step.Move move -> of("move", step, names.get(move.to().toString()), null);
                case Step.Split split -> of("split", step, null, split.at());
                case Step.Merge merge -> of("merge", step, null, null);
            };
        }

        private static StepView of(String kind, Step step, @Nullable String to, @Nullable Long at) {
            return new StepView(kind, step.range().value(), step.epoch().value(), to, at, step.reason());
        }
    }

    static PlanView of(Snapshot snapshot, Plan plan) {
        Map<String, String> names = snapshot.members().stream()
                .collect(Collectors.toMap(member -> member.id().toString(), Member::name));
        return new PlanView(
                snapshot.members().stream()
                        .map(member -> Share.of(member, snapshot))
                        .toList(),
                plan.steps().stream().map(step -> StepView.of(step, names)).toList(),
                plan.before(),
                plan.after());
    }
}

package simulation;

import java.util.List;
import java.util.function.UnaryOperator;
import plumb.commit.FencedStore;
import plumb.commit.Unit;
import plumb.commit.Write;

/// A store that says something else than the real one.
class StoreDouble implements FencedStore {
    final FencedStore real;
    private final UnaryOperator<Attempt> told;

    StoreDouble(FencedStore real, UnaryOperator<Attempt> told) {
        this.real = real;
        this.told = told;
    }

    @Override
    public Attempt commit(List<Unit> units) {
        return told.apply(real.commit(units));
    }

    @Override
    public void close() {
        real.close();
    }

    /// One transaction for the first line of each unit, and one for the others.
    static final class InParts extends StoreDouble {
        InParts(FencedStore real) {
            super(real, attempt -> attempt);
        }

        @Override
        public Attempt commit(List<Unit> units) {
            Attempt first = real.commit(units.stream()
                    .map(unit -> with(
                            unit,
                            unit.writes().subList(0, Math.min(1, unit.writes().size()))))
                    .toList());
            List<Unit> others = units.stream()
                    .filter(unit -> unit.writes().size() > 1)
                    .map(unit ->
                            with(unit, unit.writes().subList(1, unit.writes().size())))
                    .toList();
            return first instanceof Attempt.Applied && !others.isEmpty() ? real.commit(others) : first;
        }

        private static Unit with(Unit unit, List<Write> writes) {
            return new Unit(unit.tenure(), writes);
        }
    }
}

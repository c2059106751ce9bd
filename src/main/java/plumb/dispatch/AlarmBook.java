package plumb.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import plumb.Alarms;
import plumb.Overloaded;
import plumb.keyspace.Key;

/// All alarms of one key, in memory with it: nobody else sets or cancels them, so what stands here is what stands in
/// the table, after the commit. Lives and is dropped with the state. Used by the key's thread alone.
final class AlarmBook implements Alarms {
    static final int MOST = 1_000;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 9;
    private static final int LONGEST_ARGUMENT = 200;

    private static final Comparator<PendingAlarm> BY_TIME = Comparator.comparing(PendingAlarm::due)
            .thenComparing(PendingAlarm::name)
            .thenComparing(PendingAlarm::argument);

    private record Id(String name, String argument) {
        static Id of(PendingAlarm alarm) {
            return new Id(alarm.name(), alarm.argument());
        }
    }

    private final Key key;
    private final Map<String, Class<?>> kinds;
    private final AlarmTable table;
    private final Map<Id, PendingAlarm> byId = new HashMap<>();
    private final TreeSet<PendingAlarm> byTime = new TreeSet<>(BY_TIME);

    /// @param kinds the names that the domain has, and what each takes
    /// @param set what stands in the table
    AlarmBook(Key key, Map<String, Class<?>> kinds, AlarmTable table, Collection<PendingAlarm> set) {
        this.key = key;
        this.kinds = kinds;
        this.table = table;
        set.forEach(this::put);
    }

    /// The next one first.
    List<PendingAlarm> all() {
        return List.copyOf(byTime);
    }

    private void put(PendingAlarm alarm) {
        PendingAlarm before = byId.put(Id.of(alarm), alarm);
        if (before != null) byTime.remove(before);
        byTime.add(alarm);
    }

    private void remove(Id id) {
        PendingAlarm before = byId.remove(id);
        if (before != null) byTime.remove(before);
    }

    /// When the next one is due; null: none is set.
    @Nullable
    Instant next() {
        return byTime.isEmpty() ? null : byTime.first().due();
    }

    /// The next one that is due by then; null: none is.
    @Nullable
    PendingAlarm due(Instant by) {
        return byTime.isEmpty() || byTime.first().due().isAfter(by) ? null : byTime.first();
    }

    /// It has fired: it is over with the commit, unless its method has set it anew.
    void fired(PendingAlarm alarm) {
        if (alarm.equals(byId.get(Id.of(alarm)))) clear(alarm);
    }

    /// It failed: later again.
    void postpone(PendingAlarm alarm, Instant now) {
        if (!alarm.equals(byId.get(Id.of(alarm)))) return; // set anew, or cancelled meanwhile
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(alarm.attempts(), MOST_DOUBLINGS));
        if (pause.compareTo(LONGEST_PAUSE) > 0) pause = LONGEST_PAUSE;
        set(alarm.at(now.plus(pause), alarm.attempts() + 1));
    }

    private void set(PendingAlarm alarm) {
        Id id = Id.of(alarm);
        PendingAlarm before = byId.get(id);
        if (before == null && byId.size() >= MOST)
            throw new Overloaded(Overloaded.Scope.KEY, key + " has " + MOST + " alarms already");
        table.set(Turn.writes(), key, alarm);
        put(alarm);
        takenBackBy(id, before);
    }

    private void clear(PendingAlarm alarm) {
        Id id = Id.of(alarm);
        table.clear(Turn.writes(), key, alarm);
        remove(id);
        takenBackBy(id, alarm);
    }

    private void takenBackBy(Id id, @Nullable PendingAlarm before) {
        Turn.undo().also(() -> {
            if (before == null) remove(id);
            else put(before);
        });
    }

    @Override
    public void set(String name, Object argument, Instant due) {
        set(new PendingAlarm(name, text(name, argument), due, 0));
    }

    @Override
    public void set(String name, Instant due) {
        set(new PendingAlarm(name, none(name), due, 0));
    }

    @Override
    public boolean cancel(String name, Object argument) {
        return cancel(new Id(name, text(name, argument)));
    }

    @Override
    public boolean cancel(String name) {
        return cancel(new Id(name, none(name)));
    }

    private boolean cancel(Id id) {
        PendingAlarm set = byId.get(id);
        if (set != null) clear(set);
        return set != null;
    }

    @Override
    public Optional<Instant> due(String name, Object argument) {
        return due(new Id(name, text(name, argument)));
    }

    @Override
    public Optional<Instant> due(String name) {
        return due(new Id(name, none(name)));
    }

    private Optional<Instant> due(Id id) {
        return Optional.ofNullable(byId.get(id)).map(PendingAlarm::due);
    }

    private String none(String name) {
        if (takes(name) != Void.class)
            throw new IllegalArgumentException(
                    "the alarm \"" + name + "\" takes a " + takes(name).getSimpleName());
        return "";
    }

    private String text(String name, Object argument) {
        Class<?> taken = takes(name);
        if (!taken.isInstance(argument))
            throw new IllegalArgumentException("the alarm \"" + name + "\" takes "
                    + (taken == Void.class ? "no argument" : "a " + taken.getSimpleName()) + ", not a "
                    + argument.getClass().getSimpleName());
        String text = argument.toString();
        if (text.isEmpty() || text.length() > LONGEST_ARGUMENT)
            throw new IllegalArgumentException(
                    "an alarm's argument has 1 to " + LONGEST_ARGUMENT + " characters, not " + text.length());
        return text;
    }

    private Class<?> takes(String name) {
        return Objects.requireNonNullElseGet(kinds.get(name), () -> {
            throw new IllegalArgumentException("there is no method marked @Alarm(\"" + name + "\") in " + key.domain());
        });
    }
}

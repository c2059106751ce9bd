package plumb.dispatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import plumb.Handler;
import plumb.dispatch.DispatchStats.Event;
import plumb.keyspace.Key;

/// What one key has in memory between a load and the discard that follows: the handler, its state, and what that does
/// by itself and adds to the gauges. May be loaded anew after a discard. The key's own thread alone.
final class LiveState<T> {
    private static final Logger LOG = System.getLogger(LiveState.class.getName());

    private final HandlerLoop<T> loop;
    private final Handler.Factory<T> factory;
    private final Core core;
    private final LiveShare<T> share;

    private @Nullable Handler<T> handler;
    private @Nullable T state;
    private @Nullable AlarmBook alarms;
    private @Nullable AlarmClock<T> alarmClock;
    private @Nullable Initiative<T> initiative;

    LiveState(HandlerLoop<T> loop, Handler.Factory<T> factory, Core core) {
        this.loop = loop;
        this.factory = factory;
        this.core = core;
        this.share = loop.range().share();
    }

    private Key key() {
        return loop.key();
    }

    /// Null: nothing is in memory.
    @Nullable
    T get() {
        return state;
    }

    /// In a turn in which nothing may be written. Blocks for the database, and for what is handed along. What it throws
    /// leaves no state, and wants a discard.
    T load() throws Exception {
        T loaded = Turn.loading(loop).where(this::read);
        state = loaded;
        act();
        return loaded;
    }

    private T read() throws Exception {
        Handler<T> made = factory.create(key().text(), Turn.writes());
        handler = made;
        if (!factory.alarms().isEmpty()) alarms = readAlarms();
        Luggage luggage = loop.range().luggage();
        String handedAlong = luggage.of(key()); // waits, if need be, before there is a state
        T fresh = Objects.requireNonNull(made.load(), "the load brought no state");
        if (handedAlong != null) {
            restore(made, fresh, handedAlong);
            luggage.taken(key());
        }
        share.begin(made, fresh);
        return fresh;
    }

    private void restore(Handler<T> made, T fresh, String handedAlong) throws Exception {
        try {
            made.restore(fresh, handedAlong);
        } catch (Throwable e) {
            made.discard(fresh); // nobody else will: it never becomes the state
            throw e;
        }
    }

    private AlarmBook readAlarms() throws Exception {
        AlarmTable table = core.clockwork().alarms();
        return new AlarmBook(key(), factory.alarms(), table, table.of(key()));
    }

    /// From now on the state does by itself what its domain wants.
    private void act() {
        Handler<T> of = handler;
        T loaded = state;
        AlarmBook book = alarms;
        if (of == null || loaded == null) return;
        if (book != null) alarmClock = new AlarmClock<>(loop, core, of, loaded, book);
        if (!factory.ticks().isEmpty()) initiative();
    }

    /// Those of the key, from the load on.
    AlarmBook alarms() {
        AlarmBook known = alarms;
        if (known == null)
            known = new AlarmBook(key(), factory.alarms(), core.clockwork().alarms(), List.of());
        alarms = known;
        return known;
    }

    /// @throws IllegalStateException during a load
    Initiative<T> initiative() {
        Initiative<T> known = initiative;
        if (known != null) return known;
        Handler<T> of = handler;
        T loaded = state;
        if (of == null || loaded == null) throw new IllegalStateException("there is no state yet");
        var begun = new Initiative<>(loop, core, of, loaded, factory.ticks());
        initiative = begun;
        return begun;
    }

    /// Null: the domain has no alarms.
    @Nullable
    AlarmClock<T> alarmClock() {
        return alarmClock;
    }

    /// The state is to stay as it now is.
    void measure() {
        share.measure();
    }

    /// A turn has ended.
    void turned() {
        if (alarmClock != null) alarmClock.arm();
    }

    /// What cannot be described is told instead: that somebody looks must not cost the key its state.
    ///
    /// @param waiting requests in the mailbox
    Glance glance(int waiting) {
        String shown;
        try {
            Handler<T> of = handler;
            T loaded = state;
            shown = of == null || loaded == null ? null : of.describe(loaded);
        } catch (Exception e) {
            LOG.log(Level.WARNING, () -> key() + " could not be described", e);
            shown = null;
        }
        return new Glance(true, waiting, alarms().all(), shown);
    }

    /// A planned move: what only memory knows goes along.
    void keep() {
        Handler<T> of = handler;
        T last = state;
        if (of == null || last == null) return;
        try {
            String kept = of.keep(last);
            if (kept == null || loop.range().luggage().keep(key(), kept)) return;
            LOG.log(Level.WARNING, () -> "what " + key() + " would hand along is too much: " + kept.length());
        } catch (Throwable e) {
            LOG.log(Level.WARNING, () -> "what " + key() + " would hand along cannot be had", e);
        }
        core.stats().add(Event.KEEP_FAILED);
    }

    /// Nothing is in memory any more, and nothing happens by itself. Without effect if nothing is.
    void discard() {
        Handler<T> of = handler;
        T old = state;
        handler = null;
        state = null;
        share.end();
        if (initiative != null) initiative.end();
        if (alarmClock != null) alarmClock.end();
        initiative = null;
        alarmClock = null;
        alarms = null;
        if (of == null || old == null) return;
        try {
            of.discard(old);
        } catch (Throwable e) {
            LOG.log(Level.WARNING, () -> "discarding " + key() + " failed", e);
        }
    }
}

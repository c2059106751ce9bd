package plumb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import plumb.Alarm;
import plumb.Alarms;
import plumb.Drain;
import plumb.Every;
import plumb.Key;
import plumb.Keyed;
import plumb.LiveGauge;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.PerKey;
import plumb.Rejection;
import plumb.Restore;
import plumb.Statement;
import plumb.Timers;
import plumb.Undo;
import plumb.WriteFailed;
import plumb.Writes;

/// The kit does what the engine does, and so finds what a class gets wrong.
class TestKitTest {
    private static final UUID ANN = new UUID(0, 1);
    private static final UUID JOE = new UUID(0, 2);

    record Line(UUID key, String text) {}

    public record Memo(String text) {}

    private static final Statement<Line> INSERT = Statement.of(Line.class, "insert into line values (:key, :text)");

    /// What the database has.
    static final class Lines {
        final List<Line> all = new ArrayList<>();

        synchronized void add(Line line) {
            all.add(line);
        }

        synchronized List<String> of(UUID key) {
            return all.stream()
                    .filter(line -> line.key().equals(key))
                    .map(Line::text)
                    .toList();
        }
    }

    /// Uses everything there is.
    @PerKey(domain = "diary")
    static class Diary {
        @Inject
        @Key
        UUID key;

        @Inject
        Writes writes;

        @Inject
        Undo undo;

        @Inject
        Alarms alarms;

        @Inject
        Timers timers;

        @Inject
        InstantSource time;

        @Inject
        Keyed<Diary> diaries;

        @Inject
        Lines table;

        static final List<String> ENDED = new ArrayList<>();

        final List<String> lines = new ArrayList<>();
        final List<String> happened = new ArrayList<>();
        String memo = "";

        @PostConstruct
        void load() {
            lines.addAll(table.of(key));
        }

        @PreDestroy
        void end() {
            ENDED.add(key.toString());
        }

        void write(String text) {
            writes.add(INSERT, new Line(key, text));
            lines.add(text);
        }

        void writeUndoably(String text) {
            write(text);
            undo.with(lines::removeLast);
        }

        @Every("PT1M")
        void tick() {
            happened.add("tick");
        }

        @Alarm("wake")
        void wake(String text) {
            write("woken by " + text);
        }

        @Alarm("sleep")
        void sleep() {
            throw new IllegalStateException("cannot sleep");
        }

        @Drain
        @Nullable
        Memo keep() {
            return memo.isEmpty() ? null : new Memo(memo);
        }

        @Restore
        void restore(Memo kept) {
            memo = kept.text();
        }

        @LiveGauge("lines")
        int lines() {
            return lines.size();
        }
    }

    private final Lines table = new Lines();
    private final TestKit<Diary> kit = TestKit.of(Diary.class)
            .with(Lines.class, table)
            .onCommit(Line.class, table::add)
            .start();

    @AfterEach
    void end() {
        kit.close();
    }

    private String memo() {
        return kit.at(ANN).call(diary -> diary.memo);
    }

    private List<String> happened() {
        return kit.at(ANN).call(diary -> List.copyOf(diary.happened));
    }

    private List<String> lines() {
        return kit.at(ANN).call(diary -> List.copyOf(diary.lines));
    }

    @Test
    void whatARequestWritesIsCommittedWhenItIsAnswered() {
        kit.at(ANN).run(diary -> diary.write("one"));

        assertThat(kit.rows(Line.class)).containsExactly(new Line(ANN, "one"));
        assertThat(kit.gauge("lines")).isOne();
        assertThat(kit.inMemory()).isOne();
    }

    @Test
    void aRequestThatFailsAfterAWriteDropsTheState() {
        assertThatThrownBy(() -> kit.at(ANN).run(diary -> {
                    diary.write("never");
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");

        assertThat(lines()).isEmpty();
        assertThat(kit.rows()).isEmpty();
    }

    @Test
    void undoKeepsTheState() {
        kit.at(ANN).run(diary -> diary.memo = "still here");
        assertThatThrownBy(() -> kit.at(ANN).run(diary -> {
                    diary.writeUndoably("never");
                    throw new Rejection(409, "no", "no");
                }))
                .isInstanceOf(Rejection.class);

        assertThat(lines()).isEmpty();
        assertThat(memo()).isEqualTo("still here");
    }

    @Test
    void aMoveHandsAlongAndACrashDoesNot() {
        kit.at(ANN).run(diary -> diary.memo = "remember");
        kit.move();
        assertThat(memo()).isEqualTo("remember");
        assertThat(kit.epoch()).isEqualTo(2);

        kit.crash();

        assertThat(memo()).isEmpty();
        assertThat(kit.epoch()).isEqualTo(3);
    }

    @Test
    void accidentsAroundACommit() {
        kit.crashBeforeNextCommit();
        assertThatThrownBy(() -> kit.at(ANN).run(diary -> diary.write("lost"))).isInstanceOf(OutcomeUnknown.class);
        kit.crashAfterNextCommit();
        assertThatThrownBy(() -> kit.at(ANN).run(diary -> diary.write("kept"))).isInstanceOf(OutcomeUnknown.class);
        kit.loseLease();
        assertThatThrownBy(() -> kit.at(ANN).run(diary -> diary.write("refused")))
                .isInstanceOf(NotOwner.class);
        kit.refuseNextCommit();
        assertThatThrownBy(() -> kit.at(ANN).run(diary -> diary.write("bad"))).isInstanceOf(WriteFailed.class);

        assertThat(lines()).containsExactly("kept");
        assertThat(kit.rows(Line.class)).containsExactly(new Line(ANN, "kept"));
        assertThat(kit.epoch()).isEqualTo(4);
    }

    @Test
    void whoIsPassivatedLoadsAnew() {
        kit.at(ANN).run(diary -> diary.write("one"));
        Diary.ENDED.clear();

        kit.passivate();

        assertThat(kit.inMemory()).isZero();
        assertThat(Diary.ENDED).containsExactly(ANN.toString());
        assertThat(lines()).containsExactly("one");
    }

    @Test
    void ticksAndTimersHappenAtTheirTime() {
        kit.at(ANN).run(diary -> diary.timers.after(Duration.ofSeconds(90), () -> diary.happened.add("timer")));

        kit.passTime(Duration.ofMinutes(3).minusSeconds(1));

        assertThat(happened()).containsExactly("tick", "timer", "tick");
    }

    @Test
    void anAlarmFiresAfterACrashToo() {
        kit.at(ANN)
                .run(diary ->
                        diary.alarms.set("wake", "bell", diary.time.instant().plusSeconds(60)));
        kit.crash();

        kit.passTime(Duration.ofSeconds(59));
        assertThat(kit.rows()).isEmpty();
        kit.passTime(Duration.ofSeconds(1));

        assertThat(lines()).containsExactly("woken by bell");
        assertThat(kit.at(ANN).alarm("wake", "bell")).isEmpty();
    }

    @Test
    void anAlarmCanBeFiredByHand() {
        kit.at(ANN)
                .run(diary ->
                        diary.alarms.set("wake", "bell", diary.time.instant().plusSeconds(60)));
        kit.at(ANN).run(diary -> diary.alarms.set("sleep", diary.time.instant().plusSeconds(60)));

        kit.at(ANN).fire("wake", "bell");
        assertThat(lines()).containsExactly("woken by bell");
        kit.at(ANN).fire("sleep");
        assertThat(kit.at(ANN).alarm("sleep"))
                .as("tried again later")
                .hasValue(kit.now().plusSeconds(1));

        assertThatThrownBy(() -> kit.at(ANN).fire("wake", "bell")).hasMessageContaining("is not set");
    }

    @Test
    void requestsThatBeginTogetherShareATurn() {
        var first = kit.at(ANN).begin(diary -> {
            diary.write("one");
            return 1;
        });
        var second = kit.at(ANN).begin(diary -> {
            diary.write("two");
            return 2;
        });

        assertThat(first.join() + second.join()).isEqualTo(3);
        assertThat(lines()).containsExactly("one", "two");
    }

    @Test
    void oneKeyAsksAnother() {
        kit.at(JOE).run(diary -> diary.memo = "of joe");

        String asked = kit.at(ANN)
                .call(diary -> diary.diaries
                        .at(JOE)
                        .call(other -> other.memo)
                        .toCompletableFuture()
                        .join());

        assertThat(asked).isEqualTo("of joe");
    }

    /// Forgets what it needs.
    @PerKey(domain = "forgetful")
    static class Forgetful {
        @Inject
        @Key
        UUID key;

        @Inject
        Lines table;
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> TestKit.of(Forgetful.class).start())
                .hasMessage("Forgetful.table wants a Lines: give the kit one, .with(Lines.class, …)");
        assertThatThrownBy(() -> TestKit.of(String.class).start()).hasMessageContaining("not marked @PerKey");
    }
}

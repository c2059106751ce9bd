package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Key;

/// What a process that died leaves behind.
class MarksTest extends DispatchFixture {
    private static final MemorySegment MEMORY = Arena.ofAuto().allocate(Marks.SIZE, 8);

    @Override
    Marks marks() {
        return new Marks(MEMORY);
    }

    private static List<Key> left() {
        return Marks.left(MEMORY);
    }

    @Test
    void aKeyIsMarkedWhileItsCodeRunsAndNotAfterwards() throws Exception {
        Gate gate = busy("a");
        assertThat(left()).containsExactly(key("a"));

        gate.open();
        soon(() -> assertThat(left()).isEmpty());
    }

    @Test
    void aKeyIsMarkedWhileItLoads() throws Exception {
        var gate = new Gate();
        pads.beforeLoad = key -> gate.pass();
        var waiting = read("a");
        gate.awaitHeld();

        assertThat(left()).containsExactly(key("a"));
        gate.open();
        value(waiting);
    }

    @Test
    void whoWaitsForACommitRunsNothing() throws Exception {
        var written = write("a", "1");
        var submission = committer.next();

        soon(() -> assertThat(left()).isEmpty());
        submission.commit();
        value(written);
    }

    @Test
    void failuresLeaveNoMark() throws Exception {
        failure(call("a", pad -> Thrower.sneak(new StackOverflowError())));
        pads.beforeLoad = key -> {
            throw new IllegalStateException("no");
        };
        failure(read("a"));

        soon(() -> assertThat(left()).isEmpty());
    }

    @Test
    void whatIsLeftByAProcessThatEndedAsItShouldIsNoMark() {
        var memory = Arena.ofAuto().allocate(Marks.SIZE, 8);
        assertThat(Marks.left(memory)).as("fresh").isEmpty();
        var marks = new Marks(memory);
        marks.begin(key("a"));
        assertThat(Marks.left(memory)).containsExactly(key("a"));

        marks.close();

        assertThat(Marks.left(memory)).isEmpty();
    }

    @Test
    void whatSomebodyElseWroteIsNoMark() {
        var memory = Arena.ofAuto().allocate(Marks.SIZE, 8);
        var luck = new Random(5);
        for (long at = 0; at < Marks.SIZE; at += 4) memory.set(ValueLayout.JAVA_INT, at, luck.nextInt());
        assertThat(Marks.left(memory)).isEmpty();
        assertThat(Marks.left(memory.asSlice(0, 100))).isEmpty();
    }

    @Test
    void whatHasNoRoomIsNotMarkedButCounted() {
        var marks = new Marks(Arena.ofAuto().allocate(Marks.SIZE, 8));

        marks.end(marks.begin(new Key(DOMAIN, "x".repeat(2_000))));
        assertThat(marks.missed()).isEqualTo(1);
        for (int i = 0; i < 2_000; i++) marks.begin(key("key" + i));
        assertThat(marks.missed()).isGreaterThan(900);
    }

    @Test
    void marksOfManyThreadsDoNotMixUp() throws Exception {
        var memory = Arena.ofAuto().allocate(Marks.SIZE, 8);
        var marks = new Marks(memory);
        try (var threads = Executors.newFixedThreadPool(4)) {
            var workers = new ArrayList<Future<?>>();
            for (int worker = 0; worker < 4; worker++) {
                Key key = key("w".repeat(worker + 1) + "orker" + worker);
                workers.add(threads.submit(() -> {
                    for (int i = 0; i < 50_000; i++) marks.end(marks.begin(key));
                }));
            }
            while (workers.stream().anyMatch(worker -> !worker.isDone()))
                assertThat(Marks.left(memory)).allMatch(key -> key.text().matches("w+orker\\d"));
            for (var worker : workers) worker.get();
        }
        assertThat(Marks.left(memory)).isEmpty();
    }
}

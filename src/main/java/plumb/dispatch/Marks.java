package plumb.dispatch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import plumb.keyspace.Key;

/// Which keys' code runs at this moment, in memory that outlives the process if it is that of a mapped file: a process
/// that is brought down by a customer cannot tell of it any more, so it tells before. A mark costs no system call. What
/// waits for a commit is not marked: there no code of the domain runs. Thread-safe.
public final class Marks {
    /// Bytes that a segment must have.
    public static final long SIZE;

    private static final long MAGIC = 0x504c_554d_424d_4b31L; // PLUMBMK1
    private static final long STATE = 8;
    private static final int CLEAN = 0;
    private static final int RUNNING = 1;
    private static final int SLOTS = 1024;
    private static final long FIRST = 64;
    private static final int EACH = 1024; // the longest key of the longest domain, in whatever script, has room
    private static final int LONGEST = EACH - Integer.BYTES;
    private static final int PROBES = 32;
    private static final int UNMARKED = -1;
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    static {
        SIZE = FIRST + (long) SLOTS * EACH;
    }

    private final MemorySegment memory;
    private final AtomicIntegerArray taken = new AtomicIntegerArray(SLOTS);
    private final LongAdder missed = new LongAdder();

    /// @param memory of that size; begins anew, whatever is in it
    public Marks(MemorySegment memory) {
        if (memory.byteSize() < SIZE) throw new IllegalArgumentException("marks need " + SIZE + " bytes");
        this.memory = memory;
        memory.asSlice(0, SIZE).fill((byte) 0);
        memory.set(ValueLayout.JAVA_LONG, 0, MAGIC);
        INT.setRelease(memory, STATE, RUNNING);
    }

    /// In memory that is gone with the process: nobody ever reads them, so one place is enough for all.
    public static Marks inVain() {
        return InVain.MARKS;
    }

    private static final class InVain {
        static final Marks MARKS = new Marks(Arena.global().allocate(SIZE, Long.BYTES));
    }

    /// The keys whose code ran when the process that wrote this ended without [#close].
    public static List<Key> left(MemorySegment memory) {
        var left = new ArrayList<Key>();
        if (memory.byteSize() < SIZE || memory.get(ValueLayout.JAVA_LONG, 0) != MAGIC) return left;
        if (memory.get(ValueLayout.JAVA_INT, STATE) != RUNNING) return left;
        for (int slot = 0; slot < SLOTS; slot++) {
            int length = memory.get(ValueLayout.JAVA_INT, at(slot));
            if (length <= 0 || length > LONGEST) continue;
            byte[] bytes = memory.asSlice(at(slot) + Integer.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
            String text = new String(bytes, StandardCharsets.UTF_8);
            int end = text.indexOf('\n');
            if (end > 0) left.add(new Key(text.substring(0, end), text.substring(end + 1)));
        }
        return left;
    }

    /// @return to be given to [#end]
    int begin(Key key) {
        byte[] bytes = (key.domain() + '\n' + key.text()).getBytes(StandardCharsets.UTF_8);
        int slot = bytes.length > LONGEST ? UNMARKED : take();
        if (slot == UNMARKED) {
            missed.increment();
            return UNMARKED;
        }
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at(slot) + Integer.BYTES, bytes.length);
        INT.setRelease(memory, at(slot), bytes.length); // the name is there before it counts
        return slot;
    }

    void end(int slot) {
        if (slot == UNMARKED) return;
        INT.setRelease(memory, at(slot), 0);
        taken.set(slot, 0);
    }

    private int take() {
        int first = (int) Thread.currentThread().threadId() & (SLOTS - 1);
        for (int probe = 0; probe < PROBES; probe++) {
            int slot = (first + probe) & (SLOTS - 1);
            if (taken.get(slot) == 0 && taken.compareAndSet(slot, 0, 1)) return slot;
        }
        return UNMARKED;
    }

    private static long at(int slot) {
        return FIRST + (long) slot * EACH;
    }

    /// How often there was no room for a mark, or the key is too long for one.
    public long missed() {
        return missed.sum();
    }

    /// The process ends as it should: whatever still runs is not to blame.
    public void close() {
        INT.setRelease(memory, STATE, CLEAN);
    }
}

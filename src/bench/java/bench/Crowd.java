package bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// The customers of a run. Safe for use by several threads.
final class Crowd {
    private static final int SIZE = 1_000;

    private final List<UUID> all = new ArrayList<>();
    private final double[] popularity = new double[SIZE]; // Zipf's, cumulated

    Crowd() {
        double sum = 0;
        for (int i = 0; i < SIZE; i++) {
            all.add(UUID.randomUUID());
            sum += 1.0 / (i + 1);
            popularity[i] = sum;
        }
    }

    List<UUID> all() {
        return all;
    }

    /// All come equally often.
    UUID anybody(ThreadLocalRandom random) {
        return all.get(random.nextInt(SIZE));
    }

    /// Some come often: the second half as often as the first, the third a third.
    UUID regular(ThreadLocalRandom random) {
        int place = Arrays.binarySearch(popularity, random.nextDouble(popularity[SIZE - 1]));
        return all.get(Math.min(SIZE - 1, place < 0 ? -place - 1 : place));
    }
}

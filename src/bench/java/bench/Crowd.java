package bench;

import bench.Contender.Door;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;

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

    /// Makes all of them known. Blocks.
    void settle(Contender contender, Load load) throws InterruptedException {
        load.each(all, customer -> {
            var put = new HttpPut(contender.customer(customer, Door.ANY, ThreadLocalRandom.current()));
            put.setEntity(new StringEntity(Regulars.JOE, ContentType.APPLICATION_JSON));
            return put;
        });
    }

    /// Numbers of the owners' instances, from 0. They stay: nobody balances here. Blocks.
    Map<UUID, Integer> owners(Servers servers, Load load) throws IOException {
        var owners = new HashMap<UUID, Integer>();
        for (UUID customer : all) {
            String told =
                    load.text(new HttpGet(servers.instances().getFirst().url() + "/api/routes/customer/" + customer));
            for (int i = 0; i < servers.instances().size(); i++)
                if (told.contains('"' + servers.instances().get(i).name() + '"')) owners.put(customer, i);
        }
        return owners;
    }
}

package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/// A thousand customers, who ask any instance: with three of them, two of three requests need a hop. Safe for
/// use by several threads.
public final class Regulars {
    static final String JOE = """
            {"name":"Joe","address":{"line":"1 Main Street"},
             "usual":{"pizza":"margherita","ingredients":["tomato","mozzarella","basil"]}}""";

    private static final int CUSTOMERS = 1_000;

    private final List<UUID> all = new ArrayList<>();

    public Regulars() {
        for (int i = 0; i < CUSTOMERS; i++) all.add(UUID.randomUUID());
    }

    List<UUID> all() {
        return all;
    }

    /// Makes all of them known. Blocks.
    public void seed(Servers servers, Load load) throws InterruptedException {
        load.each(all, customer -> put(servers, customer));
    }

    /// Makes him known.
    static HttpUriRequestBase put(Servers servers, UUID customer) {
        var put = new HttpPut(servers.instances().getFirst().url() + "/api/customers/" + customer);
        put.setEntity(new StringEntity(JOE, ContentType.APPLICATION_JSON));
        return put;
    }

    /// An order of anybody.
    public HttpUriRequestBase order(Servers servers, ThreadLocalRandom random) {
        return order(servers, random, null);
    }

    /// @param whose null: anybody's
    HttpUriRequestBase order(Servers servers, ThreadLocalRandom random, @Nullable UUID whose) {
        return new HttpPost(url(servers, random, whose) + "/orders");
    }

    HttpUriRequestBase look(Servers servers, ThreadLocalRandom random) {
        return new HttpGet(url(servers, random, null));
    }

    private String url(Servers servers, ThreadLocalRandom random, @Nullable UUID whose) {
        UUID customer = whose != null ? whose : all.get(random.nextInt(all.size()));
        return servers.instances()
                        .get(random.nextInt(servers.instances().size()))
                        .url() + "/api/customers/" + customer;
    }
}

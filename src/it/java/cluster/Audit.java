package cluster;

import static org.assertj.core.api.Assertions.assertThat;

import cluster.Regulars.Acknowledged;
import demo.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/// Compares what clients were told with what the tables say.
final class Audit {
    private Audit() {}

    /// Each acknowledged order is there once and unchanged; each customer's orders are numbered without gaps; no
    /// request has two.
    static void check(Cluster cluster, Regulars regulars) {
        checkTold(cluster, regulars);
        checkTables(cluster);
    }

    /// What clients were told.
    static void checkTold(Cluster cluster, Regulars regulars) {
        String ours = regulars.customers().stream().map(UUID::toString).collect(Collectors.joining("','", "('", "')"));
        List<String> rows = cluster.strings("""
                select customer_id || ' ' || request_id || ' ' || order_id || ' ' || seq from usualpizza.customer_order
                 where customer_id in\s""" + ours);
        List<Acknowledged> history = regulars.history();
        assertThat(history).isNotEmpty();
        var known = new HashSet<>(rows); // there may be hundreds of thousands
        assertThat(known).hasSameSizeAs(rows);
        assertThat(history.stream().map(Audit::row).filter(row -> !known.contains(row)))
                .as("acknowledged, but not there")
                .isEmpty();
    }

    /// What the tables say by themselves.
    static void checkTables(Cluster cluster) {
        assertThat(cluster.strings("""
                select customer_id || ' has ' || count(*) || ' orders up to ' || max(seq) from usualpizza.customer_order
                 group by customer_id having count(*) <> max(seq) or count(distinct request_id) <> count(*)""")).as("gaps and doubles").isEmpty();
        assertNoStaleWrites(cluster);
        assertThat(cluster.instances().stream()
                        .filter(Instance::isReady)
                        .map(Audit::own)
                        .findFirst())
                .as("the product's own audit")
                .hasValueSatisfying(verdict -> assertThat(verdict).contains("\"exact\":true", "\"violations\":[]"));
    }

    private static String own(Instance instance) {
        try {
            return Http.get(instance, "/api/plumb/audit?full=true").body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// No row was written in an epoch that its range had not reached yet, or whose number went back within a customer.
    private static void assertNoStaleWrites(Cluster cluster) {
        assertThat(cluster.strings("""
                select order_id::text from (
                  select order_id, epoch, lag(epoch) over (partition by customer_id order by seq) as before
                    from usualpizza.customer_order) o
                 where epoch < before"""))
                .as("orders written in an earlier epoch than the one before them")
                .isEmpty();
        assertThat(cluster.strings("""
                select o.order_id::text from usualpizza.customer_order o join plumb.range_lease r using (range_id)
                 where o.epoch > r.epoch""")).isEmpty();
    }

    private static String row(Acknowledged order) {
        return order.customer() + " client:" + order.key() + " " + order.order() + " " + order.seq();
    }
}

package cluster;

import static org.assertj.core.api.Assertions.assertThat;

import cluster.Regulars.Acknowledged;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import plumb.testsupport.DurablePostgres;

/// Postgres crashes under load, its standby is promoted, and the ways of all instances lead there.
@Tag("faults") // with `mvn -Pchaos verify`
class PromotionIT {
    private static final System.Logger LOG = System.getLogger(PromotionIT.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster = Cluster.healthy();
    private final DurablePostgres primary = cluster.postgres();
    private final DurablePostgres standby = primary.standby();

    @Test
    void whatASynchronousStandbyHasIsKeptAndEverybodyBeginsANewLife() throws Exception {
        primary.synchronise();
        List<String> lives = cluster.lives();
        try (var regulars = new Regulars(12, cluster.instances());
                var readers = new Readers(3, cluster.instances())) {
            regulars.goOn(5);

            primary.crash();
            long crashed = System.nanoTime();
            standby.promote();
            cluster.failOver(standby);
            long promoted = System.nanoTime();
            regulars.goOn(1);
            LOG.log(
                    Level.INFO,
                    "everybody is served " + (System.nanoTime() - promoted) / 1_000_000 + " ms after the promotion, "
                            + (System.nanoTime() - crashed) / 1_000_000 + " ms after the crash");
            regulars.goOn(5);

            regulars.close();
            readers.close();
            Audit.check(cluster, regulars);
            assertThat(readers.stale()).isEmpty();
        }
        assertNewLives(lives, Cluster.SIZE);
        primary.close();
    }

    /// The standby has learnt of nothing for a while, not even that the third instance's ranges were taken over.
    @Test
    void nobodyOfTheForgottenHistoryWritesOnceALaggingStandbyIsPromoted() throws Exception {
        var survivors = List.of(cluster.instance(1), cluster.instance(2));
        List<String> lives = cluster.lives();
        try (var regulars = new Regulars(12, survivors)) {
            regulars.goOn(5);
            standby.cutOff();
            cluster.instance(3).signal("KILL");
            regulars.goOn(5);

            primary.crash();
            standby.promote();
            Set<String> remembered = Set.copyOf(orders(standby));
            List<Acknowledged> before = regulars.history();
            cluster.failOver(standby);
            regulars.goOn(5);
            regulars.close();

            assertThat(before.stream().filter(order -> !remembered.contains(order.order())))
                    .as("acknowledged, and lost with the primary")
                    .isNotEmpty();
            Set<String> now = new HashSet<>(orders(standby));
            assertThat(now).as("what the standby had").containsAll(remembered);
            assertThat(regulars.history().stream().skip(before.size()).filter(order -> !now.contains(order.order())))
                    .as("acknowledged after it, and not there")
                    .isEmpty();
            assertThat(writtenInLivesOfThisHistory())
                    .as("all that was written after it")
                    .containsAll(minus(now, remembered));
            Audit.checkTables(cluster);
        }
        assertNewLives(lives, survivors.size());
        primary.close();
    }

    private void assertNewLives(List<String> former, int count) {
        assertThat(cluster.lives()).hasSize(count).doesNotContainAnyElementsOf(former);
        assertThat(cluster.longs("select count(*) from plumb.range_lease r left join plumb.instance i"
                        + " on i.instance_id = r.owner and i.lineage = plumb.lineage() where i.instance_id is null"))
                .as("ranges that belong to nobody of this history")
                .containsExactly(0L);
    }

    private static List<String> orders(DurablePostgres postgres) {
        return Cluster.strings(postgres, "select order_id from usualpizza.customer_order");
    }

    private List<String> writtenInLivesOfThisHistory() {
        return cluster.strings("""
                select o.order_id
                  from usualpizza.customer_order o
                  join plumb.lease_history h on h.range_id = o.range_id and h.epoch = o.epoch
                  join plumb.instance i on i.instance_id = h.owner and i.lineage = plumb.lineage()""");
    }

    private static Set<String> minus(Set<String> all, Set<String> without) {
        var rest = new HashSet<>(all);
        rest.removeAll(without);
        return rest;
    }
}

package cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// One customer who sends more than can wait.
class MailboxIT {
    private final Cluster cluster = Cluster.healthy();

    @Test
    void aFullMailboxSaysSoAndLosesNothing() throws Exception {
        UUID customer = UUID.randomUUID();
        Http.putCustomer(cluster.instance(1), customer);
        int accepted = 0;
        int refused = 0;

        for (int burst = 0; burst < 20 && refused == 0; burst++) {
            var answers = new ArrayList<CompletableFuture<Http.Answer>>();
            for (int i = 0; i < 100; i++)
                answers.add(Http.sendAsync(Http.reorder(cluster.instance(1 + i % 3), customer)));
            for (CompletableFuture<Http.Answer> each : answers) {
                Http.Answer answer = each.get();
                if (answer.status() == 201) {
                    accepted++;
                } else {
                    refused++;
                    assertThat(answer.status()).isEqualTo(429);
                    assertThat(answer.header("Retry-After")).isEqualTo("1");
                    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
                }
            }
        }

        assertThat(refused).as("refused with 429").isPositive();
        assertThat(cluster.longs(
                        "select count(*) from usualpizza.customer_order where customer_id = '" + customer + "'"))
                .containsExactly((long) accepted);
    }
}

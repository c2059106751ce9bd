package cluster;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Instance;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The same customer through every instance is processed by one, durably and in order.
class OneOwnerIT {
    private final Cluster cluster = Cluster.healthy();

    @Test
    void everyInstanceSendsACustomersRequestsToTheSameOwner() throws Exception {
        UUID customer = UUID.randomUUID();
        assertThat(Http.putCustomer(cluster.instance(1), customer).status()).isEqualTo(201);

        Set<String> owners = new HashSet<>();
        for (int round = 0; round < 4; round++)
            for (Instance door : cluster.instances()) {
                Http.Answer ordered = Http.send(Http.reorder(door, customer));
                assertThat(ordered.status()).isEqualTo(201);
                String owner = ordered.header("Plumb-Owner");
                owners.add(owner);
                assertThat(ordered.header("Via")).isEqualTo(door.name().equals(owner) ? "" : "1.1 " + door.name());
                assertThat(ordered.header("Location")).startsWith(door.url() + Http.customer(customer) + "/orders/");
            }

        assertThat(owners).hasSize(1);
        assertThat(cluster.longs("select seq from usualpizza.customer_order where customer_id = '" + customer
                        + "' order by seq"))
                .isEqualTo(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L));
    }

    @Test
    void everyInstanceNamesTheSameOwnerInTheRoutes() throws Exception {
        UUID customer = UUID.randomUUID();
        Http.Answer absent = Http.get(cluster.instance(2), Http.customer(customer));
        assertThat(absent.status()).isEqualTo(404);

        for (Instance door : cluster.instances()) {
            Http.Answer route = Http.get(door, "/api/routes/customer/" + customer);
            assertThat(route.body()).contains("\"name\":\"" + absent.header("Plumb-Owner") + "\"");
            assertThat(route.member("epoch")).isEqualTo(absent.header("Plumb-Epoch"));
        }
    }

    @Test
    void aReadThroughAnyInstanceSeesTheWriteThatWasAcknowledgedBefore() throws Exception {
        UUID customer = UUID.randomUUID();
        Http.putCustomer(cluster.instance(1), customer);

        for (int i = 0; i < 12; i++) {
            String order = Http.send(Http.reorder(cluster.instance(1 + i % 3), customer))
                    .member("id");
            Http.Answer read =
                    Http.get(cluster.instance(1 + (i + 1) % 3), Http.customer(customer) + "/orders/" + order);
            assertThat(read.status()).isEqualTo(200);
        }
    }

    @Test
    void aCustomerOfOnesOwnNeedsNoHop() throws Exception {
        for (Instance door : cluster.instances()) {
            Http.Answer created = Http.send(Http.request(door, "/api/customers")
                    .header("Content-Type", "application/json")
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString(Http.JOE)));
            assertThat(created.status()).isEqualTo(201);
            String path = created.header("Location").substring(door.url().length());
            assertThat(Http.get(door, path).header("Via")).isEmpty();
        }
    }
}

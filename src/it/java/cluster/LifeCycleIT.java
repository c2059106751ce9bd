package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of orders, over real servers.
@Timeout(600)
class LifeCycleIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int TRUFFLES = 12;
    private static final int GUESTS = 24; // many times as many as instances, so that each owns some

    /// Soon, but not before a killed instance's ranges have been taken.
    private static final Duration PREPARATION = Duration.ofSeconds(12);

    private final Cluster cluster = Cluster.healthy();
    private boolean equipped;

    @AfterEach
    void asUsual() {
        if (!equipped) return;
        cluster.instance(2).signal("KILL");
        cluster.asUsual(2);
    }

    @Test
    void anOrderGoesFromTheKitchenToTheDoorThroughAnyInstance() throws Exception {
        String order = placed(customer());
        assertThat(stage(order, 2)).isEqualTo("PLACED");
        List<String> steps = List.of("PREPARING", "BAKED", "OUT", "DELIVERED");
        for (int i = 0; i < steps.size(); i++) {
            for (int beyond = i + 1; beyond < steps.size(); beyond++)
                refused(report(order, steps.get(beyond), beyond), "impossible-step", steps.get(i) + " may come next");

            assertThat(report(order, steps.get(i), i).status()).isEqualTo(204);
            assertThat(report(order, steps.get(i), i + 1).status())
                    .as("again, through another")
                    .isEqualTo(204);

            assertThat(stage(order, i + 2)).isEqualTo(steps.get(i));
            if (i > 0) refused(cancel(order, i), "too-late", "is " + steps.get(i));
            for (int earlier = 0; earlier < i; earlier++)
                refused(report(order, steps.get(earlier), earlier), "impossible-step", "is " + steps.get(i));
        }
        assertThat(events(order)).isEqualTo(List.of("BAKED", "DELIVERED", "OUT", "PREPARING"));
        assertThat(audit()).contains("\"violations\":[]");
    }

    @Test
    void whatIsNoEventIsInvalidAndWhatIsNoOrderIsNotFound() throws Exception {
        String order = placed(customer());
        for (String body : List.of("{\"kind\":\"CANCELLED\"}", "{\"kind\":\"eaten\"}", "{\"kind\":1}", "{}", ""))
            assertThat(Http.send(json(order + "/events", 1).POST(BodyPublishers.ofString(body)))
                            .status())
                    .as(body)
                    .isEqualTo(400);
        String nobodys = order.substring(0, order.lastIndexOf('/') + 1) + UUID.randomUUID();
        assertThat(report(nobodys, "PREPARING", 1).status()).isEqualTo(404);
        assertThat(cancel(nobodys, 2).status()).isEqualTo(404);
        assertThat(events(order)).isEmpty();
    }

    @Test
    void aCancelledOrderIsOver() throws Exception {
        String order = placed(customer());
        report(order, "PREPARING", 0);

        for (int door = 0; door < Cluster.SIZE; door++)
            assertThat(cancel(order, door).status()).isEqualTo(204);

        assertThat(stage(order, 1)).isEqualTo("CANCELLED");
        refused(report(order, "BAKED", 2), "impossible-step", "nothing may come next");
        refused(courier(order, 1), "too-late", "is CANCELLED");
        assertThat(live(order, 2).body()).isEqualTo("{\"orders\":[]}");
        assertThat(events(order)).containsExactly("CANCELLED", "PREPARING");
    }

    @Test
    void theCourierAndTheStageSurviveAPlannedMove() throws Exception {
        UUID customer = Http.customerOf(cluster.instance(1));
        String order = placed(customer);
        for (String step : List.of("PREPARING", "BAKED", "OUT")) report(order, step, 2);
        assertThat(courier(order, 1).status()).isEqualTo(204);

        await("moved").atMost(PATIENCE).until(() -> {
            move(customer, "instance-2");
            return live(order, 2).header("Plumb-Owner").equals("instance-2");
        });

        assertThat(live(order, 0).body()).contains(id(order), "\"stage\":\"OUT\"", "\"lat\":52.5", "\"since\":\"");
        assertThat(report(order, "DELIVERED", 0).status()).isEqualTo(204);
        assertThat(live(order, 1).body()).doesNotContain(id(order));
        refused(courier(order, 2), "too-late", "is DELIVERED");
    }

    @Test
    void aLateOrderIsToldOnceThoughItsOwnerWasKilledBefore() throws Exception {
        equipped = true;
        cluster.instance(2).stop(Duration.ofSeconds(60));
        cluster.equip(
                2,
                Cluster.WAR,
                Map.of("USUALPIZZA_PREPARATION", PREPARATION.toString(), "USUALPIZZA_OVENS", "1000000"));
        Cluster.healthy();
        UUID customer = Http.customerOf(cluster.instance(2));
        String delivered = placed(customer);
        for (String step : List.of("PREPARING", "BAKED", "OUT", "DELIVERED")) report(delivered, step, 1);
        String late = placed(customer); // nothing but a look comes before the kill
        Http.Answer read = Http.get(cluster.instance(1), late);
        assertThat(read.header("Plumb-Owner")).isEqualTo("instance-2");
        Instant expected = Instant.parse(read.member("expectedAt"));
        assertThat(expected).isEqualTo(Instant.parse(read.member("placedAt")).plus(PREPARATION));
        assertThat(read.body()).contains("\"late\":false");

        cluster.instance(2).signal("KILL");
        assertThat(escalations(late)).as("not before it was killed").isEmpty();

        await("it is told").atMost(PATIENCE).until(() -> !escalations(late).isEmpty());
        assertThat(Instant.parse(escalations(late).getFirst())).isAfterOrEqualTo(expected);
        assertThat(Http.get(cluster.instance(3), "/api/escalations?limit=200").body())
                .contains(id(late))
                .doesNotContain(id(delivered));
        await("who asks for it sees it")
                .atMost(PATIENCE)
                .until(() -> Http.get(cluster.instance(1), late).body().contains("\"late\":true"));
        assertThat(Http.get(cluster.instance(3), delivered).body()).contains("\"late\":false");
        await("no alarm is left").atMost(PATIENCE).until(() -> alarms(customer) == 0);
        assertThat(escalations(late)).hasSize(1);
    }

    @Test
    void theLastTruffleIsSoldOnce() throws Exception {
        List<UUID> guests = new ArrayList<>();
        for (int i = 0; i < GUESTS; i++) guests.add(customer());
        cluster.execute("update usualpizza.ingredient set stock = " + TRUFFLES + " where name = 'truffle'");
        long before = trufflesSold();
        var sold = new ArrayList<String>();

        for (boolean more = true; more; ) {
            var answers = new ArrayList<CompletableFuture<Http.Answer>>();
            for (int i = 0; i < GUESTS; i++) answers.add(Http.sendAsync(truffle(guests.get(i), i)));
            more = false;
            for (CompletableFuture<Http.Answer> each : answers) {
                Http.Answer answer = each.get();
                more |= answer.status() == 201;
                if (answer.status() == 201) sold.add(path(answer));
                else refused(answer, "sold-out", "truffle");
            }
            assertThat(sold).hasSizeLessThanOrEqualTo(TRUFFLES);
        }

        assertThat(sold)
                .as("nobody was killed meanwhile, so nothing was thrown away")
                .hasSize(TRUFFLES);
        assertThat(trufflesSold() - before).isEqualTo(TRUFFLES);
        assertThat(stock("truffle")).isZero();

        String given = sold.getFirst();
        assertThat(cancel(given, 1).status()).isEqualTo(204);
        UUID guest = UUID.fromString(given.split("/")[3]);
        assertThat(Http.send(truffle(guest, 2)).status()).as("given back").isEqualTo(201);
        refused(Http.send(truffle(guest, 2)), "sold-out", "truffle");
    }

    @Test
    void aStoppedInstancePutsItsTraysBack() throws Exception {
        long before = stock("capers");
        UUID customer = Http.customerOf(cluster.instance(3));
        Http.Answer placed = Http.send(json(Http.customer(customer) + "/orders", 2)
                .POST(BodyPublishers.ofString("{\"ingredients\":[\"capers\"]}")));
        assertThat(placed.status()).as(placed.body()).isEqualTo(201);
        assertThat(stock("capers")).as("a tray of them").isLessThan(before - 1);

        cluster.instance(3).stop(Duration.ofSeconds(60));

        assertThat(stock("capers")).isEqualTo(before - 1);
    }

    /// Other customers' handlers may be passivated meanwhile: then it does not come out even, and is tried again.
    @Test
    void theGaugeIsWhatClientsWereTold() {
        await("the same as was told").atMost(PATIENCE.multipliedBy(3)).until(() -> {
            long before = inPreparation(0);
            long told = 0;
            for (int i = 0; i < GUESTS; i++) told += cook(i);
            for (int door = 0; door < Cluster.SIZE; door++) if (inPreparation(door) != before + told) return false;
            return true;
        });
    }

    /// @return what this adds to the kitchen, as the client is told
    private int cook(int number) throws Exception {
        UUID customer = customer();
        for (int i = 0; i <= number % 3; i++) placed(customer);
        String order = placed(customer);
        List<String> steps = List.of("PREPARING", "BAKED", "OUT", "DELIVERED");
        for (String step : steps.subList(0, number % 5))
            assertThat(report(order, step, number).status()).isEqualTo(204);
        if (number % 5 < 2 && number % 2 == 0)
            assertThat(cancel(order, number).status()).isEqualTo(204);
        String stages =
                Http.get(door(number), Http.customer(customer) + "/orders").body();
        return stages.split("\"stage\":\"(PLACED|PREPARING|BAKED)\"", -1).length - 1;
    }

    private long inPreparation(int door) {
        return Long.parseLong(await("every range is counted")
                .atMost(PATIENCE)
                .until(
                        () -> Http.get(door(door), "/api/plumb/gauges/pizzas_in_preparation"),
                        total -> total.body().contains("\"complete\":true"))
                .body()
                .replaceAll("\\[[^]]*]", "[]")
                .replaceFirst(".*\"value\":(-?\\d+).*", "$1"));
    }

    private Instance door(int number) {
        return cluster.instances().get(number % Cluster.SIZE);
    }

    private UUID customer() throws Exception {
        UUID customer = UUID.randomUUID();
        assertThat(Http.putCustomer(cluster.instance(1), customer).status()).isEqualTo(201);
        return customer;
    }

    /// @return the order's path
    private String placed(UUID customer) throws Exception {
        Http.Answer placed = Http.send(Http.reorder(cluster.instance(3), customer));
        assertThat(placed.status()).as(placed.body()).isEqualTo(201);
        assertThat(placed.body()).contains("\"stage\":\"PLACED\"", "\"late\":false");
        return path(placed);
    }

    private static String path(Http.Answer placed) {
        return placed.header("Location").replaceFirst("^https?://[^/]*", "");
    }

    private static String id(String order) {
        return order.substring(order.lastIndexOf('/') + 1);
    }

    private HttpRequest.Builder json(String path, int door) {
        return Http.request(door(door), path).header("Content-Type", "application/json");
    }

    private HttpRequest.Builder truffle(UUID guest, int door) {
        return json(Http.customer(guest) + "/orders", door)
                .POST(BodyPublishers.ofString("{\"ingredients\":[\"tomato\",\"truffle\"]}"));
    }

    private Http.Answer report(String order, String kind, int door) throws Exception {
        return Http.send(json(order + "/events", door).POST(BodyPublishers.ofString("{\"kind\":\"" + kind + "\"}")));
    }

    private Http.Answer cancel(String order, int door) throws Exception {
        return Http.send(Http.request(door(door), order).DELETE());
    }

    private Http.Answer courier(String order, int door) throws Exception {
        return Http.send(json(order + "/courier", door).PUT(BodyPublishers.ofString("{\"lat\":52.5,\"lon\":13.25}")));
    }

    private Http.Answer live(String order, int door) throws Exception {
        return Http.get(door(door), order.substring(0, order.lastIndexOf('/')) + "/live");
    }

    private String stage(String order, int door) throws Exception {
        return Http.get(door(door), order).member("stage");
    }

    private static void refused(Http.Answer answer, String type, String detail) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(409);
        assertThat(answer.header("Content-Type")).contains("problem+json");
        assertThat(answer.body()).contains("/problems/" + type).contains(detail);
    }

    private void move(UUID customer, String to) throws Exception {
        Http.Answer place = Http.get(cluster.instance(3), "/api/routes/customer/" + customer);
        Http.send(json("/api/plumb/ranges/" + place.member("range") + "/move", 2)
                .header("If-Match", "\"" + place.member("epoch") + "\"")
                .POST(BodyPublishers.ofString("{\"to\":\"" + to + "\",\"reason\":\"a pizza on its way\"}")));
    }

    private List<String> events(String order) {
        return cluster.strings(
                "select kind from usualpizza.order_event where order_id = '" + id(order) + "' order by kind");
    }

    /// When they were told.
    private List<String> escalations(String order) {
        return cluster.strings("select to_char(at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
                + " from usualpizza.escalation where order_id = '" + id(order) + "'");
    }

    private long alarms(UUID customer) {
        return cluster.longs("select count(*) from plumb.alarm where key = '" + customer + "'")
                .getFirst();
    }

    private long trufflesSold() {
        return cluster.longs("select count(*) from usualpizza.customer_order where ingredients like '%truffle%'")
                .getFirst();
    }

    private long stock(String ingredient) {
        return cluster.longs("select stock from usualpizza.ingredient where name = '" + ingredient + "'")
                .getFirst();
    }

    private String audit() throws Exception {
        return Http.get(cluster.instance(1), "/api/plumb/audit?full=true").body();
    }
}

package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// The instances that a balancer would send to, and how one is replaced without an error: it is drained, stopped, and
/// started again.
final class Rotation {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final List<Instance> open;

    Rotation(List<Instance> all) {
        open = new CopyOnWriteArrayList<>(all);
    }

    /// A view.
    List<Instance> open() {
        return open;
    }

    /// Ends when it is back in rotation.
    ///
    /// @param whileStopped what changes
    void replace(Instance instance, Runnable whileStopped) throws Exception {
        Http.Answer before = Http.get(instance, "/api/plumb/stoppable");
        assertThat(before.body()).contains("\"stoppable\":true", "\"drained\":false");

        var drain = drain(instance);
        await("a balancer sees it").atMost(PATIENCE).until(() -> !instance.isReady());
        open.remove(instance);
        Http.Answer drained = drain.get(60, TimeUnit.SECONDS);
        for (int again = 0; again < 3 && drained.body().contains("drain-incomplete"); again++)
            drained = drain(instance).get(60, TimeUnit.SECONDS); // a slow machine; a preStop hook asks again, too
        assertThat(drained.status()).as(drained.body()).isEqualTo(200);
        assertThat(drained.body()).contains("\"drained\":true", "\"ranges\":0");
        await("whoever was on his way has arrived")
                .atMost(PATIENCE)
                .until(() -> Http.get(instance, "/api/plumb/stoppable").body().contains("\"stoppable\":true"));
        assertThat(Http.get(instance, "/api/menu").header("Connection")).isEqualTo("close");
        instance.stop(Duration.ofSeconds(60));

        whileStopped.run();
        instance.start();
        await("it is back").atMost(PATIENCE).until(instance::isReady);
        open.add(instance);
    }

    private static CompletableFuture<Http.Answer> drain(Instance instance) {
        return Http.sendAsync(Http.request(instance, "/api/plumb/drain?wait=true")
                .timeout(Duration.ofSeconds(40))
                .POST(BodyPublishers.noBody()));
    }
}

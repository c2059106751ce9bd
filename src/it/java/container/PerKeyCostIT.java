package container;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.io.File;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import plumb.Deadline;
import plumb.Handler;
import plumb.Keyed;
import plumb.dispatch.Dispatcher;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.LeaseKeeper;

/// What a `@PerKey` class costs more than a plain [Handler], inside the server: prints it, and compares nothing.
@Tag("figures")
@ExtendWith(ArquillianExtension.class)
public class PerKeyCostIT {
    private static final System.Logger LOG = System.getLogger(PerKeyCostIT.class.getName());
    private static final int KEYS = 20_000;
    private static final int MESSAGES = 1_000_000;
    private static final int AT_ONCE = 200;

    @Inject
    Keyed<Empty> empties;

    @Inject
    Dispatcher dispatcher;

    @Inject
    LeaseKeeper keeper;

    @Deployment
    static Archive<?> war() {
        return ShrinkWrap.create(ZipImporter.class, "plumb.war")
                .importFrom(new File(System.getProperty("plumb.it.war")))
                .as(WebArchive.class)
                .addClasses(Empty.class)
                .addPackages(true, "org.assertj.core", "org.awaitility", "org.hamcrest");
    }

    private interface Sending {
        CompletionStage<?> to(String key);
    }

    @Test
    void loadsAndMessages() throws Exception {
        Awaitility.await("serves").until(() -> keeper.state() == LeaseKeeper.State.SERVING);
        Handler.Factory<long[]> plain = (key, writes) -> () -> new long[1];
        dispatcher.register("plain", plain);
        dispatcher.granted(
                "plain",
                KeyRange.ALL,
                new Tenure(new RangeId(1_000_000), new Epoch(1), new Incarnation(new UUID(0, 1))));
        Sending toPlain = key -> dispatcher.call(
                new Key("plain", key), Deadline.in(Duration.ofMinutes(5), System.nanoTime()), (Function<long[], Long>)
                        state -> ++state[0]);
        Sending toBeans = key -> empties.at(key).call(Empty::touch);

        for (int round = 1; round <= 3; round++) {
            String keys = "round-" + round + "-";
            long plainLoads = nanosEach(toPlain, keys, KEYS, KEYS);
            long beanLoads = nanosEach(toBeans, keys, KEYS, KEYS);
            long plainMessages = nanosEach(toPlain, keys, 1_000, MESSAGES);
            long beanMessages = nanosEach(toBeans, keys, 1_000, MESSAGES);
            LOG.log(
                    Level.INFO,
                    "round %d: load plain %d ns, @PerKey %d ns; message plain %d ns, @PerKey %d ns"
                            .formatted(round, plainLoads, beanLoads, plainMessages, beanMessages));
        }
        assertThat(dispatcher.stats().handlers()).isGreaterThanOrEqualTo(2 * KEYS);
    }

    private static long nanosEach(Sending sending, String keys, int many, int messages) throws InterruptedException {
        var free = new Semaphore(AT_ONCE);
        long begun = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            free.acquire();
            sending.to(keys + i % many).whenComplete((done, failure) -> free.release());
        }
        free.acquire(AT_ONCE);
        return (System.nanoTime() - begun) / messages;
    }
}

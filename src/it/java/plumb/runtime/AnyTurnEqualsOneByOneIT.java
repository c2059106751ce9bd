package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import plumb.Rejection;
import plumb.testsupport.DurablePostgres;

/// Random requests of one customer, once so that a turn takes all of them and once one after the other: whatever is in
/// them, the rows, the answers and the memory are the same.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnyTurnEqualsOneByOneIT {
    private static final String DATABASE = "turns";
    private static final int REQUESTS = 24;

    private final DurablePostgres postgres = DurablePostgres.shared();
    private final Map<String, CountDownLatch> waiting = new ConcurrentHashMap<>();
    private WiredInstance instance;

    @BeforeAll
    void serve() throws SQLException {
        String url = postgres.createDatabase(DATABASE);
        Account.createTables(postgres, DATABASE);
        instance = new WiredInstance("a", url, Account.from(postgres, DATABASE, this::loaded));
        await().atMost(Duration.ofSeconds(40)).until(() -> instance.owns("joe"));
    }

    @AfterAll
    void end() {
        instance.close();
    }

    /// The first load of a key that is to get everything in one turn waits until all of it is in the mailbox.
    private void loaded(String key) {
        CountDownLatch all = waiting.get(key);
        if (all == null) return;
        try {
            all.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aTurnOfManyDoesWhatTheyDoOneByOne(long seed) throws Exception {
        String single = "single-" + seed;
        String grouped = "grouped-" + seed;
        List<String> answersOfSingle = new ArrayList<>();
        for (Function<Account, Object> request : script(seed, single))
            answersOfSingle.add(answer(instance.call(single, request)));

        waiting.put(grouped, new CountDownLatch(1));
        var replies = new ArrayList<CompletableFuture<Object>>();
        for (Function<Account, Object> request : script(seed, grouped)) replies.add(instance.call(grouped, request));
        waiting.get(grouped).countDown();
        List<String> answersOfGrouped = new ArrayList<>();
        for (CompletableFuture<Object> reply : replies) answersOfGrouped.add(answer(reply));

        assertThat(answersOfGrouped).as("answers, seed " + seed).isEqualTo(answersOfSingle);
        assertThat(rows(grouped)).as("rows, seed " + seed).isEqualTo(rows(single));
        assertThat(answer(instance.call(grouped, Account::sum))).isEqualTo(answer(instance.call(single, Account::sum)));
        assertThat(answer(instance.call(grouped, Account::sum)))
                .as("memory and rows agree, seed " + seed)
                .isEqualTo(String.valueOf(sum(grouped)));
    }

    /// The same for every key but for the ids of its rows.
    private static List<Function<Account, Object>> script(long seed, String key) {
        var random = new Random(seed);
        var script = new ArrayList<Function<Account, Object>>();
        for (int i = 0; i < REQUESTS; i++) {
            String fresh = key + "-" + i;
            String known = key + "-" + random.nextInt(i + 1);
            int amount = random.nextInt(100);
            script.add(
                    switch (random.nextInt(13)) {
                        case 0, 1 -> account -> account.deposit(fresh, amount);
                        case 2 -> account -> account.deposit(known, amount);
                        case 3 -> account -> account.deposit(fresh, -1 - amount); // the database refuses it
                        case 4 -> account -> account.rename("once " + amount) + account.rename("twice " + amount);
                        case 5 ->
                            account -> {
                                throw new Rejection(409, "no", "before any write");
                            };
                        case 6 ->
                            account -> {
                                account.deposit(fresh, amount);
                                throw new Rejection(409, "no", "after a write");
                            };
                        case 7 ->
                            account -> {
                                account.deposit(fresh, amount);
                                throw new IllegalStateException("broken after a write");
                            };
                        case 8 ->
                            account -> {
                                throw new IllegalStateException("broken before any write");
                            };
                        case 9, 10 ->
                            account -> {
                                account.depositUndoably(fresh, amount);
                                account.depositUndoably(fresh + "-more", amount);
                                throw new IllegalStateException("broken, and taken back");
                            };
                        case 11 -> account -> account.depositUndoably(fresh, amount - 50); // refused now and then
                        default -> Account::sum;
                    });
        }
        return script;
    }

    private static String answer(CompletableFuture<?> reply) throws Exception {
        try {
            return String.valueOf(reply.get(30, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        }
    }

    private List<String> rows(String key) throws SQLException {
        return column("select replace(id, account, '') || ' ' || amount from deposit where account = '" + key
                + "' union all select 'name ' || name from account where account = '" + key + "' order by 1");
    }

    private long sum(String key) throws SQLException {
        return Long.parseLong(column("select coalesce(sum(amount), 0)::text from deposit where account = '" + key + "'")
                .getFirst());
    }

    private List<String> column(String sql) throws SQLException {
        return Account.column(postgres, DATABASE, sql);
    }
}

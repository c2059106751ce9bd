package simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import plumb.ownership.Flaw;

/// One run: a few instances over one database, a few clients, half a minute of trouble; then everything must come to
/// rest, every request must be answered, and nothing may be left.
final class World {
    private static final int MOST_BOOKS = 4;
    private static final int MOST_RANGES = 3;
    private static final int INSTANCES = 3;
    private static final int CLIENTS = 5;
    private static final int REQUESTS = 10;
    private static final int TROUBLES = 6;
    private static final Duration TROUBLED = Duration.ofSeconds(30);
    private static final long STIRRED = Duration.ofSeconds(3).toNanos();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final long AGAIN = Duration.ofMillis(200).toNanos();
    private static final Duration ANSWERED = Duration.ofSeconds(10);
    private static final Duration ENDED = Duration.ofMinutes(1);

    final SplittableRandom luck;
    final Seams seams;
    final Scheduler scheduler;
    final Exclusivity exclusivity = new Exclusivity(this);
    final Database database = new Database(this);
    final History history = new History(this);
    final Network network = new Network(this);

    private final Flaw beneath;
    private final @Nullable List<String> story;
    private final Host outside;
    private final int books;
    private final boolean confirmsDeaths;
    private final List<Instance> instances = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private boolean calm;
    private int requests;
    private int attempts;
    private int unasked;

    /// @param beneath what is wrong with the lease rows
    /// @param story gets a line for whatever happens; null: nobody wants to know
    World(long seed, Seams seams, Flaw beneath, @Nullable List<String> story) {
        this.luck = new SplittableRandom(seed);
        this.seams = seams;
        this.beneath = beneath;
        this.story = story;
        this.scheduler = new Scheduler(luck);
        this.outside = new Host(scheduler);
        this.books = 1 + luck.nextInt(MOST_BOOKS);
        this.confirmsDeaths = luck.nextInt(4) == 0;
        database.leases.breakBy(beneath);
        database.leases.createRanges(Request.DOMAIN, "STRING", 1 + luck.nextInt(MOST_RANGES));
    }

    /// @throws AssertionError at the first violation
    void run() {
        for (int i = 0; i < INSTANCES; i++) join();
        for (int i = 0; i < CLIENTS; i++) come(new Client(this, REQUESTS));
        for (int i = 0; i < TROUBLES; i++) scheduler.after(luck.nextLong(TROUBLED.toNanos()), this::disturb);
        scheduler.run(TROUBLED);
        heal();
        rest();
        askAll();
        end();
    }

    void join() {
        var instance = new Instance(this, "i" + instances.size());
        instances.add(instance);
        instance.start();
    }

    private void come(Client client) {
        clients.add(client);
        outside.start(client::run);
    }

    /// Something happens, and there are requests.
    private void disturb() {
        new Troubles(this).cause();
        for (Client client : clients) scheduler.after(luck.nextLong(STIRRED), client::stir);
    }

    private void heal() {
        calm = true;
        scheduler.beFair();
        database.away = false;
        network.calm();
        instances.forEach(Instance::heal);
        if (instances.stream().noneMatch(Instance::isStaying)) join();
    }

    private void rest() {
        long end = scheduler.nowNanos() + PATIENCE.toNanos();
        while (!Unrest.of(this).isEmpty()) {
            if (scheduler.nowNanos() > end) throw new AssertionError("it never comes to rest: " + Unrest.of(this));
            scheduler.run(LOOK);
        }
    }

    /// Every instance leads to everything that is stored.
    private void askAll() {
        for (Instance instance : up())
            for (int book = 0; book < books; book++) {
                unasked++;
                Request read = newRequest(Request.Kind.READ, book);
                outside.start(() -> ask(instance, read));
            }
        scheduler.run(ANSWERED);
        if (unasked > 0) throw new AssertionError(unasked + " reads are not answered");
    }

    private void ask(Instance instance, Request read) {
        Answer answer = network.ask(instance, read);
        while (answer instanceof Answer.Refused) { // too many at once, perhaps
            scheduler.sleep(AGAIN);
            answer = network.ask(instance, read);
        }
        int stored = database.rows(read.book()).size();
        boolean all = answer instanceof Answer.Done done && done.lines().size() == stored;
        if (all) unasked--;
        else fail(instance + " answers " + answer + ", stored are " + stored + " lines");
    }

    private void end() {
        instances.forEach(Instance::end);
        scheduler.run(ENDED);
        for (Instance instance : instances) {
            int handlers = instance.parts.dispatcher.stats().handlers();
            if (handlers > 0) fail(instance + " leaves " + handlers + " handlers");
            long inside = instance.parts.dispatcher.stats().inside();
            if (inside > 0) fail(instance + " leaves " + inside + " requests without an answer");
        }
        if (scheduler.threads() > 0) fail(scheduler.threads() + " threads never end");
        scheduler.run(Duration.ZERO);
    }

    /// An instance has renewed.
    void renewed(Instance instance) {
        if (beneath == Flaw.DEADLINE_FROM_ANSWER && instance.parts.trust.holds())
            instance.parts.trust.renewed(instance.nanoTime(), Parts.TIMES.trust());
    }

    /// For the [Census].
    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    Map<String, Long> counts() {
        return counts;
    }

    void tell(Supplier<String> line) {
        if (story != null) story.add(Duration.ofNanos(scheduler.nowNanos()) + " " + line.get());
    }

    void fail(String violation) {
        tell(() -> "VIOLATION " + violation);
        scheduler.fail(new AssertionError(violation));
    }

    /// The troubles are over.
    boolean isCalm() {
        return calm;
    }

    /// Whether instances look after their neighbours, or only wait for the end of their time to live.
    boolean confirmsDeaths() {
        return confirmsDeaths;
    }

    int anyBook() {
        return luck.nextInt(books);
    }

    Request newRequest(Request.Kind kind, int book) {
        int number = ++requests;
        return new Request("r" + number, kind, "book-" + book, number, 0);
    }

    int newAttempt() {
        return ++attempts;
    }

    List<Instance> instances() {
        return instances;
    }

    List<Client> clients() {
        return clients;
    }

    List<Instance> up() {
        var up = new ArrayList<Instance>();
        for (Instance instance : instances) if (instance.isUp()) up.add(instance);
        return up;
    }

    Instance anyUp() {
        List<Instance> up = up();
        return up.get(luck.nextInt(up.size()));
    }

    Instance named(String name) {
        return instances.get(Integer.parseInt(name.substring(1)));
    }
}

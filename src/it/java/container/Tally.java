package container;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceUnit;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import plumb.Alarm;
import plumb.Alarms;
import plumb.Effect;
import plumb.Every;
import plumb.Fingerprint;
import plumb.Key;
import plumb.LiveGauge;
import plumb.Once;
import plumb.PerKey;
import plumb.RequestId;
import plumb.Statement;
import plumb.Timers;
import plumb.Writes;

/// A counter per key.
@PerKey(domain = "tally")
public class Tally {
    static final AtomicInteger DESTROYED = new AtomicInteger();

    /// What a client sends.
    public record Amount(int amount) {}

    /// What a client gets.
    public record Sum(String tally, long total) {}

    record Event(String tally, int amount) {}

    private static final Statement<Event> INSERT = Statement.of(Event.class, """
            insert into container.tally_event (tally, amount, range_id, epoch) values (:tally, :amount, :range, :epoch)""");

    @Inject
    @Key
    String key;

    @Inject
    Writes writes;

    @Inject
    Once once;

    @Inject
    Alarms alarms;

    @Inject
    Timers timers;

    @PersistenceUnit(unitName = "plumb")
    EntityManagerFactory factory;

    @PersistenceContext(unitName = "plumb")
    EntityManager entities;

    private long total;
    private int loads;
    private int ticks;

    @PostConstruct
    void load() {
        try (EntityManager read = factory.createEntityManager()) {
            Object sum = read.createNativeQuery(
                            "select coalesce(sum(amount), 0) from container.tally_event where tally = ?1")
                    .setParameter(1, key)
                    .getSingleResult();
            total = ((Number) sum).longValue();
        }
        loads++;
    }

    long add(int amount) {
        writes.add(INSERT, new Event(key, amount));
        total += amount;
        return total;
    }

    /// The event's row does not know the request.
    Effect<Sum> add(Amount amount, RequestId request) {
        return once.run(request, Fingerprint.of(amount), Sum.class, () -> new Sum(key, add(amount.amount())));
    }

    String addLater(long amount, Duration pause) {
        alarms.set("add", amount, Instant.now().plus(pause));
        return alarms.due("add", amount).isPresent() ? "set" : "not set";
    }

    @Alarm("add")
    void added(long amount) {
        add((int) amount);
    }

    /// Gone if the bean is.
    String addSoon(int amount, Duration pause) {
        timers.after(pause, () -> add(amount));
        return "set";
    }

    @Every("PT0.1S")
    void tick() {
        ticks++;
    }

    int ticks() {
        return ticks;
    }

    @LiveGauge("tally_total")
    long total() {
        return total;
    }

    String thread() {
        return Thread.currentThread().isVirtual() + " "
                + (Thread.currentThread().getContextClassLoader() == Tally.class.getClassLoader());
    }

    long breakAfterWriting() {
        add(1_000);
        throw new IllegalStateException("broken after the write");
    }

    @Transactional
    public String note(String text) {
        TallyNote note = entities.find(TallyNote.class, key);
        if (note == null) entities.persist(new TallyNote(key, text));
        else note.rewrite(text);
        return text;
    }

    @Transactional
    public void noteAndBreak(String text) {
        note(text);
        throw new IllegalStateException("broken in the transaction");
    }

    @PreDestroy
    void gone() {
        DESTROYED.incrementAndGet();
    }
}

package counter;

import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;
import plumb.Effect;
import plumb.Fingerprint;
import plumb.Key;
import plumb.LiveGauge;
import plumb.Once;
import plumb.PerKey;
import plumb.Rejection;
import plumb.RequestId;
import plumb.Statement;
import plumb.Writes;

/// One counter, in memory on the instance that owns it.
@PerKey(domain = "counter")
public class Counter {
    public record Add(long amount) {}

    public record Total(String counter, long total) {}

    static final Statement<Total> SAVE = Statement.of(Total.class, """
            insert into counter.counter (counter, total, range_id, epoch) values (:counter, :total, :range, :epoch)
            on conflict (counter) do update
               set total = excluded.total, range_id = excluded.range_id, epoch = excluded.epoch""");

    @Inject
    @Key
    String name;

    @Inject
    Writes writes;

    @Inject
    Once once;

    @Inject
    Totals totals;

    private long total;

    @PostConstruct
    void load() {
        total = totals.of(name);
    }

    Effect<Total> add(Add add, RequestId request) {
        if (add.amount() < 1) throw new Rejection(422, "invalid", "#/amount: must be positive.");
        return once.run(request, Fingerprint.of(add), Total.class, () -> {
            var counted = new Total(name, total + add.amount());
            writes.add(SAVE, counted);
            total = counted.total();
            return counted;
        });
    }

    Total total() {
        return new Total(name, total);
    }

    @LiveGauge("counted")
    long counted() {
        return total;
    }
}

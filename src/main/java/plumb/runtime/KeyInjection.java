package plumb.runtime;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.inject.Inject;
import java.lang.reflect.ParameterizedType;
import java.time.InstantSource;
import java.util.UUID;
import javax.sql.DataSource;
import plumb.Alarms;
import plumb.Key;
import plumb.Keyed;
import plumb.LiveTotals;
import plumb.Once;
import plumb.Peers;
import plumb.Timers;
import plumb.Undo;
import plumb.Writes;
import plumb.dispatch.Turn;
import plumb.http.Json;
import plumb.keyspace.KeyType;
import plumb.postgres.RequestRows;

/// What a domain may inject: [Keyed], [Peers], [LiveTotals], [Writes], [Undo], [Once], [Alarms], [Timers], its [Key],
/// and the time for people.
@ApplicationScoped
public class KeyInjection {
    @Inject
    Plumbing plumbing;

    @Inject
    PlumbExtension extension;

    @Resource(lookup = "java:app/jdbc/plumb")
    DataSource database;

    @Produces
    @Dependent
    <T> Keyed<T> keyed(InjectionPoint point) {
        var wanted = (ParameterizedType) point.getType();
        PerKeyTypes.PerKeyType type = extension.types().of((Class<?>) wanted.getActualTypeArguments()[0]);
        return new KeyedMailboxes<>(plumbing, type.domain(), type.keys());
    }

    @Produces
    @Dependent
    Peers peers() {
        return message -> plumbing.parts().peers.send(message); // not before it is running
    }

    @Produces
    @Dependent
    LiveTotals liveTotals() {
        return gauge -> plumbing.parts().gauges.of(gauge); // not before it is running
    }

    @Produces
    @Dependent
    Writes writes() {
        return Turn.writes();
    }

    @Produces
    @Dependent
    Undo undo() {
        return Turn.undo();
    }

    @Produces
    @Dependent
    Alarms alarms() {
        return Turn.current().alarms();
    }

    @Produces
    @Dependent
    Timers timers() {
        return Turn.timers();
    }

    @Produces
    @Dependent
    Once once() {
        var requests = new RequestsInTable(new RequestRows(database));
        return OnceInTable.load(Turn.current().key(), Turn.writes(), Turn.undo(), requests, Json.binding());
    }

    @Produces
    @Dependent
    @Key
    UUID uuid() {
        return (UUID) KeyType.UUID.value(Turn.current().key().text());
    }

    @Produces
    @Dependent
    @Key
    String text() {
        return Turn.current().key().text();
    }

    @Produces
    @Dependent
    @Key
    long number() {
        return (Long) KeyType.LONG.value(Turn.current().key().text());
    }

    @Produces
    @Dependent
    InstantSource time() {
        return InstantSource.system();
    }
}

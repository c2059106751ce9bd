package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.Owned;
import plumb.access.Allowed;
import plumb.access.Role;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Glance;
import plumb.http.HttpSettings;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;

/// What the owner of a key has in memory of it. For operators: it is people's.
@Dependent
@Path("plumb/keys")
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.OPERATOR)
public class KeysResource {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Inject
    Dispatcher dispatcher;

    @Inject
    Domains domains;

    @Inject
    HttpSettings settings;

    @Inject
    LongSupplier nanoTime;

    /// A key at its owner.
    ///
    /// @param live whether it is in memory; asking does not load it
    /// @param waiting requests in its mailbox
    /// @param state as its class describes it; null: it does not, or the key is not in memory
    public record KeyView(
            String domain,
            String key,
            String owner,
            boolean live,
            int waiting,
            List<AlarmView> alarms,
            @Nullable JsonValue state) {}

    /// An alarm that is set.
    public record AlarmView(String name, String argument, Instant due, int attempts) {}

    /// At the owner, wherever it is asked for.
    @GET
    @Path("{domain}/{key}")
    @Owned(value = "{domain}", param = "key")
    public CompletionStage<KeyView> one(@PathParam("domain") String domain, @PathParam("key") String spelling) {
        Key key = domains.key(domain, spelling);
        return dispatcher
                .glance(key, Deadline.in(PATIENCE, nanoTime.getAsLong()))
                .thenApply(glance -> view(key, glance));
    }

    private KeyView view(Key key, Glance glance) {
        return new KeyView(
                key.domain(),
                key.text(),
                settings.instanceName(),
                glance.live(),
                glance.waiting(),
                glance.alarms().stream()
                        .map(alarm -> new AlarmView(alarm.name(), alarm.argument(), alarm.due(), alarm.attempts()))
                        .toList(),
                parsed(glance.state()));
    }

    private static @Nullable JsonValue parsed(@Nullable String json) {
        if (json == null) return null;
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.readValue();
        }
    }
}

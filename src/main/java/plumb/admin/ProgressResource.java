package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.bind.annotation.JsonbNillable;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.access.Allowed;
import plumb.commit.CommitLane;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Probe;
import plumb.dispatch.Progress;
import plumb.http.HttpSettings;

/// Whether work gets through this instance. From memory alone: it answers whatever else stands still.
@Dependent
@Path("plumb/progress")
@Produces(MediaType.APPLICATION_JSON)
@Allowed
public class ProgressResource {
    @Inject
    HttpSettings settings;

    @Inject
    Dispatcher dispatcher;

    @Inject
    Probe probe;

    @Inject
    CommitLane lane;

    /// @param commitBusyMs for how long the batch that is on its way has been
    /// @param ranges that this instance holds
    public record Getting(String instance, Probes probe, long commitBusyMs, List<Range> ranges) {}

    /// @param problem of the last probe; null: it passed
    /// @param silenceMs since the last that passed
    /// @param tookMs the last
    @JsonbNillable
    public record Probes(@Nullable String problem, long silenceMs, long tookMs, long failures) {}

    /// @param lastTurnMs since the last turn ended; null: none yet
    /// @param oldestWorkMs how long the load or turn has lasted that began first; 0: nothing is at work
    /// @param standstillMs for how long there has been work, and no turn has ended
    @JsonbNillable
    public record Range(int range, int handlers, @Nullable Long lastTurnMs, long oldestWorkMs, long standstillMs) {
        static Range of(Progress progress) {
            Duration sinceTurn = progress.sinceTurn();
            return new Range(
                    progress.range().value(),
                    progress.handlers(),
                    sinceTurn == null ? null : sinceTurn.toMillis(),
                    progress.oldestWork().toMillis(),
                    progress.standstill().toMillis());
        }
    }

    @GET
    public Response now() {
        var uncached = new CacheControl();
        uncached.setNoStore(true);
        var probes = new Probes(
                probe.problem().orElse(null),
                probe.silence().toMillis(),
                probe.took().toMillis(),
                probe.failures());
        List<Range> ranges = dispatcher.progress().stream().map(Range::of).toList();
        return Response.ok(new Getting(
                        settings.instanceName(), probes, lane.busyFor().toMillis(), ranges))
                .cacheControl(uncached)
                .build();
    }
}

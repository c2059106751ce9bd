package plumb.http;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import plumb.ownership.InstanceRow;
import plumb.routing.Route;

/// The problems that the way to the owner can end in.
final class Refusals {
    private static final Duration SOON = Duration.ofSeconds(1);

    private Refusals() {}

    /// For a peer only: not applied, and whose it is as far as we know.
    static Problem misdirected(@Nullable Route route) {
        Problem problem = Problem.of(421, "not-owner", "This instance does not own the key; nothing was applied.");
        if (route == null) return problem;
        problem = problem.with("epoch", route.epoch().value());
        InstanceRow owner = owner(route);
        return owner == null ? problem : problem.with("owner", owner.info().name());
    }

    /// For a peer only: not applied, and what our clock shows.
    static Problem outOfTime(HopSigner.Signature clock) {
        return Problem.of(
                        HopSigner.OUT_OF_TIME,
                        "hop-out-of-time",
                        "By this instance's clock the hop was not signed just now; nothing was applied.")
                .header(HopSigner.INPUT, clock.input())
                .header(HopSigner.SIGNATURE, clock.signature());
    }

    static Problem unowned(Route.@Nullable Unowned route) {
        Problem problem = unavailable("no-owner", "No instance owns the key at the moment; nothing was applied.");
        return route == null ? problem : problem.with("epoch", route.epoch().value());
    }

    static Problem closed(Route.Local route, Gates.Closed gate) {
        String why = gate.held() ? "is being handed over" : "has been granted to this instance, which is not ready yet";
        return unavailable("draining", "The key " + why + "; nothing was applied.")
                .with("epoch", route.epoch().value());
    }

    static Problem moving(Route.Remote route) {
        return of(route, "not-owner", "The owner of the key is changing; nothing was applied.");
    }

    static Problem unreachable(Route.Remote route) {
        return of(route, "owner-unreachable", "The owner of the key cannot be reached; nothing was applied.");
    }

    static Problem full(Route.Remote route) {
        return of(route, "overloaded", "Too many requests are under way to the owner of the key; nothing was applied.");
    }

    static Problem expired() {
        return unavailable("expired", "The deadline passed before the request ran; nothing was applied.");
    }

    static Problem stopping() {
        return unavailable("stopping", "This instance is stopping; nothing was applied.");
    }

    /// The owner was asked and did not answer properly.
    ///
    /// @param doubt it may have applied the request
    static Problem unanswered(Route.Remote route, HopFailure failure, boolean doubt) {
        int status = failure == HopFailure.TIMEOUT ? 504 : 502;
        Problem problem = doubt
                ? unknownOutcome(status)
                : Problem.of(status, "owner-failed", "The owner of the key did not answer.");
        return problem.header("Proxy-Status", route.owner().info().name() + "; error=" + ERRORS.get(failure));
    }

    static Problem unknownOutcome(int status) {
        return Problem.of(
                status,
                "outcome-unknown",
                "Whether the request was applied is not known. Repeat it only with the same Idempotency-Key.");
    }

    private static Problem of(Route.Remote route, String type, String detail) {
        return unavailable(type, detail)
                .with("owner", route.owner().info().name())
                .with("epoch", route.epoch().value());
    }

    private static Problem unavailable(String type, String detail) {
        return Problem.of(503, type, detail).retryAfter(SOON);
    }

    private static @Nullable InstanceRow owner(Route route) {
        return switch (route) {
            case Route.Local local -> local.owner();
            case Route.Remote remote -> remote.owner();
            case Route.Unowned unowned -> null;
        };
    }

    // RFC 9209 §2.3
    private static final Map<HopFailure, String> ERRORS = Map.of(
            HopFailure.TIMEOUT, "http_response_timeout",
            HopFailure.ABANDONED, "destination_unavailable",
            HopFailure.CUT, "connection_terminated",
            HopFailure.RUBBISH, "http_protocol_error");
}

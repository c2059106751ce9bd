package plumb.http;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.http.HttpStats.Outcome;
import plumb.routing.Route;
import plumb.routing.Routes;
import plumb.routing.RoutingTable;

/// Decides where an arrived request goes, and goes on deciding until it is somewhere: here, answered by the owner, or
/// refused.
///
/// Every way back to the start is bounded. What was not applied is tried again at once if the table has changed, else
/// now and then, within one budget of waiting per request (`park`) and its deadline; what may have been applied is
/// repeated once, if it may be at all. Thread-safe; blocks the request's thread.
///
/// Where clients are redirected, they cannot be sent in circles: an instance redirects only by a look at the rows that
/// began after the request had arrived, so every further redirect means that the owner really changed in between; never
/// to its own address; and what it cannot be sure of, it forwards, which is one hop.
public final class Steering {
    /// Reads the routing table anew; true: it is current.
    @FunctionalInterface
    public interface Refresh {
        /// Blocks until a read that began after this call has ended.
        boolean now() throws InterruptedException;
    }

    private final HttpSettings settings;
    private final Routes routes;
    private final Refresh refresh;
    private final Gates gates;
    private final Forwarder forwarder;
    private final Parking parking;
    private final SelfHop selfHop;
    private final HttpStats stats;
    private final LongSupplier nanoTime;

    public Steering(
            HttpSettings settings,
            Routes routes,
            Refresh refresh,
            Gates gates,
            Forwarder forwarder,
            SelfHop selfHop,
            HttpStats stats,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.routes = routes;
        this.refresh = refresh;
        this.gates = gates;
        this.forwarder = forwarder;
        this.selfHop = selfHop;
        this.parking = new Parking(settings, routes, stats, nanoTime);
        this.stats = stats;
        this.nanoTime = nanoTime;
    }

    /// How many requests wait at the moment.
    public int parked() {
        return parking.occupied();
    }

    /// Of a request that has arrived over HTTP.
    Course steer(Arrival arrival) {
        return steer(arrival, false);
    }

    /// Of a request that was made here: over HTTP to the owner's resource, also if that is this instance's.
    ///
    /// @return relayed or refused
    Course send(Arrival made) {
        return steer(made, true);
    }

    private Course steer(Arrival arrival, boolean made) {
        try {
            Course course = new Attempts(arrival, made).run();
            if (course instanceof Course.Refused refused)
                stats.add(refused.problem().status() == 421 ? Outcome.MISDIRECTED : Outcome.REJECTED);
            return course;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Course.Refused(Refusals.stopping());
        }
    }

    /// One request's way. Used by its thread alone.
    private final class Attempts {
        private final Arrival arrival;
        private final boolean made; // here; it has not arrived
        private final Parking.Stay stay;
        private boolean repeated;
        private boolean aligned;
        private boolean doubt; // an attempt may have been applied

        Attempts(Arrival arrival, boolean made) {
            this.arrival = arrival;
            this.made = made;
            this.stay = parking.stay(arrival.deadline());
        }

        Course run() throws InterruptedException {
            Hop hop = arrival.hop();
            if (hop != null && knowsMore(hop)) refresh.now();
            while (true) {
                if (arrival.deadline().passed(nanoTime.getAsLong())) return refused(Refusals.expired());
                RoutingTable table = routes.current();
                Route route = find(table);
                Course course = hop != null ? byHop(hop, route) : fromOutside(table, route);
                if (course != null) return course;
            }
        }

        private boolean knowsMore(Hop hop) {
            Route route = find(routes.current());
            return route == null || hop.epoch().isAfter(route.epoch());
        }

        private @Nullable Course byHop(Hop hop, @Nullable Route route) throws InterruptedException {
            if (route instanceof Route.Local local && !hop.epoch().isAfter(local.epoch())) return enter(local);
            return new Course.Refused(Refusals.misdirected(route));
        }

        private @Nullable Course fromOutside(RoutingTable table, @Nullable Route route) throws InterruptedException {
            return switch (route) {
                case Route.Local local -> made ? forward(table, overHttp(local)) : enter(local);
                case Route.Remote remote -> mayRedirectTo(remote) ? redirect(table, remote) : forward(table, remote);
                case Route.Unowned unowned -> stay.untilChanged(table) ? null : refused(Refusals.unowned(unowned));
                case null -> stay.untilChanged(table) ? null : refused(Refusals.unowned(null));
            };
        }

        private static Route.Remote overHttp(Route.Local local) {
            return new Route.Remote(local.domain(), local.range(), local.keys(), local.epoch(), local.owner());
        }

        private static boolean isFor(Route.Remote asked, @Nullable Route route) {
            return asked.equals(route instanceof Route.Local local ? overHttp(local) : route);
        }

        private @Nullable Course enter(Route.Local local) throws InterruptedException {
            return switch (gates.enter(
                    local.range(), local.epoch(), arrival.key().slot())) {
                case Gates.Pass pass -> entered(local, pass);
                case Gates.Closed closed -> stay.untilOpen(closed) ? null : refused(Refusals.closed(local, closed));
            };
        }

        private @Nullable Course entered(Route.Local local, Gates.Pass pass) {
            if (!local.equals(find(routes.current()))) { // it moved between the look and the gate
                pass.leave();
                return null;
            }
            stats.add(Outcome.LOCAL);
            return new Course.Here(local, pass, doubt);
        }

        /// Not what may have been applied: its request id was perhaps minted here, and the client does not know it.
        private boolean mayRedirectTo(Route.Remote owner) {
            return settings.routing() == HttpSettings.Routing.REDIRECT
                    && !doubt
                    && !made
                    && !owner.owner().info().publicUrl().equals(settings.publicUrl()); // a former life of ours
        }

        /// Null: the look showed something else.
        private @Nullable Course redirect(RoutingTable table, Route.Remote owner) throws InterruptedException {
            if (!refresh.now()) return forward(table, owner);
            if (!(find(routes.current()) instanceof Route.Remote current) || !mayRedirectTo(current)) return null;
            stats.add(Outcome.REDIRECTED);
            return new Course.Redirected(current, location(current));
        }

        private String location(Route.Remote owner) {
            HopRequest request = arrival.request();
            String address = owner.owner().info().publicUrl() + request.path();
            return request.query() == null ? address : address + "?" + request.query();
        }

        private @Nullable Course forward(RoutingTable table, Route.Remote remote) throws InterruptedException {
            return switch (forwarder.forward(arrival.request(), remote, arrival.deadline())) {
                case HopResult.Answered answered -> answered(answered.answer());
                case HopResult.Refused refused -> refused(refused.problem());
                case HopResult.Failed failed -> failed(failed.failure(), table, remote);
            };
        }

        private @Nullable Course failed(HopFailure failure, RoutingTable table, Route.Remote remote)
                throws InterruptedException {
            return switch (failure) {
                case FULL -> refused(Refusals.full(remote));
                case REFUSED, CONNECT, ABSENT -> unreached(table, remote);
                case SKEWED -> skewed(table, remote);
                case MISDIRECTED -> misdirected(remote);
                case TIMEOUT, ABANDONED, CUT, RUBBISH -> unknown(remote, failure);
            };
        }

        private Course answered(HopAnswer answer) {
            if (!doubt || (answer.status() < 500 && answer.status() != 429)) return new Course.Relayed(answer);
            answer.release(); // "not applied" holds for the repetition only
            return refused(Refusals.unknownOutcome(504));
        }

        /// Nothing was sent. Tries again whenever the table changes, and now and then.
        private @Nullable Course unreached(RoutingTable table, Route.Remote remote) throws InterruptedException {
            if (!arrival.request().body().canBeSent()) return refused(Refusals.unreachable(remote));
            return stay.briefly(table) ? null : refused(Refusals.unreachable(remote));
        }

        /// Not applied; by now we know that peer's clock. A second time in one request, something else is wrong.
        private @Nullable Course skewed(RoutingTable table, Route.Remote remote) throws InterruptedException {
            if (aligned || !arrival.request().body().canBeSent()) return unreached(table, remote);
            aligned = true;
            return null;
        }

        /// Not applied, says the peer. If our table was not older, the peer does not know yet that it was granted the
        /// range, or is not sure of it any more: both end soon.
        private @Nullable Course misdirected(Route.Remote remote) throws InterruptedException {
            if (!arrival.request().body().canBeSent()) return refused(Refusals.moving(remote));
            refresh.now();
            RoutingTable table = routes.current();
            boolean changed = !isFor(remote, find(table));
            return changed || stay.briefly(table) ? null : refused(Refusals.moving(remote));
        }

        private @Nullable Course unknown(Route.Remote remote, HopFailure failure) throws InterruptedException {
            doubt |= !arrival.request().isSafe();
            boolean repeat =
                    mayRepeat() && !repeated && arrival.request().body().canBeSent();
            if (!repeat) return new Course.Refused(Refusals.unanswered(remote, failure, doubt));
            repeated = true;
            refresh.now();
            return null;
        }

        private boolean mayRepeat() {
            if (arrival.request().isSafe()) return true;
            // an id minted here is minted anew by a peer that does not believe us
            return arrival.idempotent() && (forwarder.isSigning() || arrival.ownId());
        }

        private Course refused(Problem problem) {
            return new Course.Refused(doubt ? Refusals.unknownOutcome(504) : problem);
        }

        private @Nullable Route find(RoutingTable table) {
            Route ofRehearsal = selfHop.route(arrival);
            if (ofRehearsal != null) return ofRehearsal;
            try {
                return table.route(arrival.key());
            } catch (IllegalArgumentException e) {
                return null; // no table yet
            }
        }
    }
}

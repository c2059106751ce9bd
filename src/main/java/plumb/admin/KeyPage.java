package plumb.admin;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.ownership.LeaseTableException;
import plumb.postgres.LeaseHistory;
import plumb.routing.Route;
import plumb.routing.Routes;

/// Behind `/admin/key.xhtml`: one key. What is in memory is asked of its owner by the page.
@Named
@RequestScoped
public class KeyPage {
    @Inject
    Domains domains;

    @Inject
    Routes routes;

    @Inject
    LeaseHistory history;

    @Inject
    InstantSource time;

    private @Nullable String domain;
    private @Nullable String key;
    private @Nullable Route route;
    private @Nullable String problem;
    private Past past = Past.NONE;
    private long slot;

    public @Nullable String getDomain() {
        return domain;
    }

    public void setDomain(@Nullable String domain) {
        this.domain = domain;
    }

    public @Nullable String getKey() {
        return key;
    }

    public void setKey(@Nullable String key) {
        this.key = key;
    }

    /// As a part of a path.
    public String getKeyInLink() {
        return URLEncoder.encode(String.valueOf(key), StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// When the parameters are known.
    public void read() {
        try {
            Key asked = domains.key(String.valueOf(domain), String.valueOf(key).strip());
            key = asked.text();
            slot = asked.slot().value();
            route = routes.current().route(asked);
            List<LeaseHistory.Grant> grants =
                    history.of(asked.domain(), new KeyRange(slot, slot + 1), Past.MOST_GRANTS);
            past = Past.of(grants, List.of(), time.instant());
        } catch (IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
        } catch (LeaseTableException e) {
            problem = "The database does not answer; its history is not known now. " + e.getMessage();
        }
    }

    /// Null: all is well.
    public @Nullable String getProblem() {
        return problem;
    }

    /// Null: there is no such key.
    public @Nullable String getRange() {
        return route == null ? null : route.range().toString();
    }

    public @Nullable String getEpoch() {
        return route == null ? null : route.epoch().toString();
    }

    public long getSlot() {
        return slot;
    }

    /// Null: nobody.
    public @Nullable String getOwner() {
        if (route instanceof Route.Local local) return local.owner().info().name() + ", which is this instance";
        return route instanceof Route.Remote remote ? remote.owner().info().name() : null;
    }

    public Past getPast() {
        return past;
    }
}

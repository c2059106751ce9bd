package plumb.runtime;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.function.LongSupplier;
import plumb.access.AccessSettings;
import plumb.admin.DrainOrders;
import plumb.balance.Outlook;
import plumb.commit.CommitLane;
import plumb.dispatch.ContainerTasks;
import plumb.dispatch.DispatchStats;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Marks;
import plumb.dispatch.Probe;
import plumb.dispatch.Quarantine;
import plumb.http.GaugeTotals;
import plumb.http.HopSigner;
import plumb.http.HttpSettings;
import plumb.http.HttpStats;
import plumb.http.Steering;
import plumb.http.Uploads;
import plumb.http.Watchers;
import plumb.keyspace.Domains;
import plumb.ownership.Confirmation;
import plumb.ownership.KeeperSettings;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTable;
import plumb.ownership.Trust;
import plumb.postgres.BalanceRounds;
import plumb.postgres.DrainWishes;
import plumb.postgres.LeaseHistory;
import plumb.postgres.People;
import plumb.postgres.PostgresAudit;
import plumb.postgres.QuarantineTable;
import plumb.postgres.RangeLoads;
import plumb.postgres.TimeLeft;
import plumb.routing.Routes;
import plumb.routing.RoutingTableRefresher;

/// The running parts, for the edges: `http`, `metrics` and `admin` inject them.
@ApplicationScoped
public class Parts {
    @Inject
    Plumbing plumbing;

    @Produces
    @Dependent
    Domains domains() {
        return plumbing.parts().domains;
    }

    @Produces
    @Dependent
    LongSupplier nanoTime() {
        return plumbing.parts().nanoTime;
    }

    @Produces
    @Dependent
    LeaseKeeper keeper() {
        return plumbing.parts().keeper;
    }

    @Produces
    @Dependent
    KeeperSettings keeperSettings() {
        return plumbing.parts().keeperSettings;
    }

    @Produces
    @Dependent
    LeaseTable leases() {
        return plumbing.parts().tables.leases;
    }

    @Produces
    @Dependent
    TimeLeft timeLeft() {
        return plumbing.parts().tables.timeLeft;
    }

    @Produces
    @Dependent
    Trust trust() {
        return plumbing.parts().trust;
    }

    @Produces
    @Dependent
    Routes routes() {
        return plumbing.parts().routes;
    }

    @Produces
    @Dependent
    RoutingTableRefresher routing() {
        return plumbing.parts().routing;
    }

    @Produces
    @Dependent
    HttpSettings httpSettings() {
        return plumbing.parts().httpSettings;
    }

    @Produces
    @Dependent
    HopSigner signer() {
        return plumbing.parts().signer;
    }

    @Produces
    @Dependent
    Uploads uploads() {
        return plumbing.parts().uploads;
    }

    @Produces
    @Dependent
    Steering steering() {
        return plumbing.parts().steering;
    }

    @Produces
    @Dependent
    GaugeTotals gauges() {
        return plumbing.parts().gauges;
    }

    @Produces
    @Dependent
    Watchers watchers() {
        return plumbing.parts().watchers;
    }

    @Produces
    @Dependent
    HttpStats httpStats() {
        return plumbing.parts().httpStats;
    }

    @Produces
    @Dependent
    Dispatcher dispatcher() {
        return plumbing.parts().dispatcher;
    }

    @Produces
    @Dependent
    Probe probe() {
        return plumbing.parts().through;
    }

    @Produces
    @Dependent
    DispatchStats dispatchStats() {
        return plumbing.parts().dispatcher.stats();
    }

    @Produces
    @Dependent
    ContainerTasks container() {
        return plumbing.parts().container;
    }

    @Produces
    @Dependent
    Confirmation confirmation() {
        return plumbing.parts().confirmation;
    }

    @Produces
    @Dependent
    PostgresAudit audit() {
        return plumbing.parts().tables.audit;
    }

    @Produces
    @Dependent
    Outlook outlook() {
        return plumbing.parts().balancing;
    }

    @Produces
    @Dependent
    BalanceRounds balanceRounds() {
        return plumbing.parts().tables.balanceRounds;
    }

    @Produces
    @Dependent
    QuarantineTable quarantineTable() {
        return plumbing.parts().tables.quarantine;
    }

    @Produces
    @Dependent
    Quarantine quarantine() {
        return plumbing.parts().quarantines.quarantine();
    }

    @Produces
    @Dependent
    Marks marks() {
        return plumbing.parts().markFile.marks();
    }

    @Produces
    @Dependent
    LeaseHistory history() {
        return plumbing.parts().tables.history;
    }

    @Produces
    @Dependent
    CommitLane lane() {
        return plumbing.parts().lane;
    }

    @Produces
    @Dependent
    People people() {
        return plumbing.parts().tables.people;
    }

    @Produces
    @Dependent
    DrainWishes drainWishes() {
        return plumbing.parts().tables.drainWishes;
    }

    @Produces
    @Dependent
    AccessSettings access() {
        return plumbing.parts().settings.access();
    }

    @Produces
    @Dependent
    RangeLoads loads() {
        return plumbing.parts().tables.loads;
    }

    @Produces
    @Dependent
    DrainOrders drainOrders() {
        return plumbing.parts().drainOrders;
    }
}

package plumb.runtime;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnit;
import jakarta.servlet.ServletContext;
import jakarta.validation.Validator;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import plumb.Rehearsal;
import plumb.access.Doorkeeper;
import plumb.keyspace.Domains;
import plumb.keyspace.KeyType;

/// Starts the parts when the application starts, and stops them when it ends.
@ApplicationScoped
public class Plumbing {
    private static final Logger LOG = System.getLogger(Plumbing.class.getName());

    @Inject
    PlumbExtension extension;

    @Inject
    BeanManager beans;

    @Inject
    Validator validator;

    @Inject
    Doorkeeper doorkeeper;

    /// Not the server's executor: that captures its caller's context with every task, and Payara looks through all jars
    /// for it (decision 0005). A thread has its context for life.
    @Resource
    ManagedThreadFactory threads;

    @Resource
    ContextService contexts;

    @Resource(lookup = "java:app/jdbc/plumb")
    DataSource database;

    @PersistenceUnit(unitName = "plumb")
    EntityManagerFactory entities;

    private volatile @Nullable Lifecycle running;

    /// Migrate → routing → register → as soon as this instance answers: rehearse → claim → ready. Blocks the deployment
    /// for the migrations only; what goes wrong before that fails it with a sentence that names it.
    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        if (!(event instanceof ServletContext servlets)) return;
        DeploymentChecks.noSharedCache(entities);
        List<Class<?>> classes = ApplicationClasses.of(servlets);
        DeploymentChecks.noProblems(OwnedResources.problems(extension.types(), classes));
        Settings settings = Settings.from(ConfigProvider.getConfig());
        LOG.log(
                Level.INFO,
                () -> "starting " + settings.instanceName() + " at " + settings.instanceUrl() + " over "
                        + settings.jdbc());
        var own = new Threads(Plumbing.class.getClassLoader(), Names.forThreads(contexts));
        var parts =
                new Wiring(settings, domains(), Version.get(), own, Executors.newCachedThreadPool(threads), database);
        var started = new Lifecycle(parts, own);
        running = started;
        extension
                .types()
                .all()
                .forEach(type ->
                        parts.dispatcher.register(type.domain(), PerKeyFactory.of(beans, type, parts.container)));
        started.start(MigrationFolders.of(servlets), repertoire(classes));
        doorkeeper.open();
    }

    private Repertoire repertoire(List<Class<?>> classes) {
        Set<Class<?>> bodies = OwnedRequests.bodies(classes);
        return new Repertoire(OwnedRequests.gets(classes, domains()), () -> {
            ClientBodies.rehearse(bodies, validator);
            beans.getEvent().fire(new Rehearsal());
        });
    }

    /// Not ready → drain to live peers → release → halt. While the application's class loader still works: at
    /// `@PreDestroy` servers have stopped it already, and the first class that only a stop needs cannot be loaded any
    /// more.
    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
        Lifecycle ending = running;
        if (ending != null) ending.stop();
        running = null; // not before: who asks meanwhile is told that this instance is leaving
    }

    private Domains domains() {
        Map<String, KeyType> types = new LinkedHashMap<>();
        extension.types().all().forEach(type -> types.put(type.domain(), type.keys()));
        return new Domains(types);
    }

    /// The running parts.
    ///
    /// @throws IllegalStateException before the start and after the stop
    Wiring parts() {
        Lifecycle now = running;
        if (now == null) throw new IllegalStateException("the plumbing is not running");
        return now.parts();
    }
}

package plumb.runtime;

import jakarta.enterprise.concurrent.ContextService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/// The application's names (`java:app/…`) on threads that are not the server's: a domain's bean that has a `@Resource`
/// may be made by the first turn that needs it.
///
/// Payara finds them by the thread's class loader. WildFly must be told for each thread, through a context of the
/// server. Where it can be done without, it is: a context that is shared by threads breaks the fence on Payara.
final class Names {
    private static final String ANY = "java:app/AppName";

    private Names() {}

    /// Looks once, on a thread like those. Blocks; call it on a thread of the server's.
    static Executor forThreads(ContextService contexts) {
        ClassLoader application = Names.class.getClassLoader();
        boolean known = CompletableFuture.supplyAsync(Names::areKnown, task -> {
                    Thread bare = Thread.ofPlatform().daemon().unstarted(task);
                    bare.setContextClassLoader(application);
                    bare.start();
                })
                .join();
        return known ? Runnable::run : contexts.createContextualProxy(Runnable::run, Executor.class);
    }

    @SuppressWarnings("BanJNDI") // the name is nobody's input
    private static boolean areKnown() {
        try {
            return InitialContext.doLookup(ANY) != null;
        } catch (NamingException e) {
            return false;
        }
    }
}

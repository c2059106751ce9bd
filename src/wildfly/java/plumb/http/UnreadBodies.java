package plumb.http;

import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.ServletExtension;
import io.undertow.servlet.api.DeploymentInfo;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/// No thread waits for the rest of a body whose request is answered already. Undertow's servlets would read it to its
/// end first, so that whoever stops in his body held a worker in spite of his refusal.
///
/// What is under way already is read, though: who still sends when the connection is closed never sees the answer, and
/// a peer could not tell its client that nothing was applied.
public class UnreadBodies implements ServletExtension {
    private static final long UNDER_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    @Override
    public void handleDeployment(DeploymentInfo deployment, ServletContext context) {
        deployment.addInitialHandlerChainWrapper(next -> exchange -> {
            exchange.addRequestWrapper((factory, of) -> new Body(factory.create(), of));
            next.handleRequest(exchange);
        });
    }

    private static final class Body extends AbstractStreamSourceConduit<StreamSourceConduit> {
        private final HttpServerExchange exchange;
        private long untilNanos;
        private boolean answered;

        Body(StreamSourceConduit next, HttpServerExchange exchange) {
            super(next);
            this.exchange = exchange;
        }

        @Override
        public void awaitReadable() throws IOException {
            if (exchange.isResponseStarted()) super.awaitReadable(left(), TimeUnit.NANOSECONDS);
            else super.awaitReadable();
        }

        @Override
        public void awaitReadable(long time, TimeUnit unit) throws IOException {
            if (exchange.isResponseStarted())
                super.awaitReadable(Math.min(left(), unit.toNanos(time)), TimeUnit.NANOSECONDS);
            else super.awaitReadable(time, unit);
        }

        /// How long the rest is waited for.
        private long left() throws IOException {
            long now = System.nanoTime();
            if (!answered) untilNanos = now + UNDER_WAY_NANOS;
            answered = true;
            if (untilNanos - now > 0) return untilNanos - now;
            exchange.setPersistent(false);
            // once the answer is out, the connection is drained for a while, and closed
            Connectors.terminateRequest(exchange);
            throw new IOException("the request is answered");
        }
    }
}

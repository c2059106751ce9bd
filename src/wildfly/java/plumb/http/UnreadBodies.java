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
public class UnreadBodies implements ServletExtension {
    @Override
    public void handleDeployment(DeploymentInfo deployment, ServletContext context) {
        deployment.addInitialHandlerChainWrapper(next -> exchange -> {
            exchange.addRequestWrapper((factory, of) -> new Body(factory.create(), of));
            next.handleRequest(exchange);
        });
    }

    private static final class Body extends AbstractStreamSourceConduit<StreamSourceConduit> {
        private final HttpServerExchange exchange;

        Body(StreamSourceConduit next, HttpServerExchange exchange) {
            super(next);
            this.exchange = exchange;
        }

        @Override
        public void awaitReadable() throws IOException {
            refuseIfAnswered();
            super.awaitReadable();
        }

        @Override
        public void awaitReadable(long time, TimeUnit unit) throws IOException {
            refuseIfAnswered();
            super.awaitReadable(time, unit);
        }

        private void refuseIfAnswered() throws IOException {
            if (!exchange.isResponseStarted()) return;
            exchange.setPersistent(false);
            Connectors.terminateRequest(
                    exchange); // once the answer is out, the connection is drained for a while, and closed
            throw new IOException("the request is answered");
        }
    }
}

package plumb.runtime;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Calls this instance at the address that it tells its peers, until it answers there.
///
/// Nothing is claimed before: servers accept connections long before the application behind them answers, and whoever
/// forwarded a request meanwhile got an error page. It also finds a wrong `plumb.instance.url` before it does harm.
final class SelfCall {
    private static final Logger LOG = System.getLogger(SelfCall.class.getName());
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final Duration ONE_CALL = Duration.ofSeconds(2);
    private static final int CALLS_BETWEEN_WARNINGS = 100;

    private final URI address;
    private final String expected;
    private final CountDownLatch closed = new CountDownLatch(1);

    SelfCall(String instanceUrl, String instanceName) {
        this.address = URI.create(instanceUrl + "/api/plumb/health/live");
        this.expected = "\"instance\":\"" + instanceName + "\"";
    }

    /// Blocks.
    ///
    /// @return true: it answered; false: closed before that
    boolean awaitAnswer() {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ONE_CALL)
                .build()) {
            for (int calls = 1; ; calls++) {
                String problem = call(client);
                if (problem.isEmpty()) return true;
                if (calls % CALLS_BETWEEN_WARNINGS == 0)
                    LOG.log(
                            Level.WARNING,
                            () -> "Claims nothing yet: this instance does not reach itself at " + address + " ("
                                    + problem + "). Is plumb.instance.url right?");
                if (closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Empty: it is us.
    private String call(HttpClient client) throws InterruptedException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(address).timeout(ONE_CALL).build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) return "status " + answer.statusCode();
            return answer.body().contains(expected) ? "" : "another instance answers there";
        } catch (IOException e) {
            return e.toString();
        }
    }

    void close() {
        closed.countDown();
    }
}

package plumb.runtime;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import plumb.ownership.InstanceRow;
import plumb.ownership.PeerProbe;

/// Asks peers over the address that hops use.
final class HttpPeerProbe implements PeerProbe, AutoCloseable {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final Duration connect;
    private final HttpClient client;

    /// @param connect the time-out of a hop's connection
    HttpPeerProbe(Duration connect) {
        this.connect = connect;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connect)
                .build();
    }

    @Override
    public boolean answersAs(InstanceRow peer) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(peer.info().url() + "/api/plumb/health/live"))
                .timeout(connect.multipliedBy(2))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            return answer.body().contains("\"" + peer.incarnation() + "\"");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean refuses(InstanceRow peer) {
        URI address = URI.create(peer.info().url());
        int port = address.getPort() >= 0 ? address.getPort() : "https".equals(address.getScheme()) ? HTTPS : HTTP;
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), port), Math.toIntExact(connect.toMillis()));
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false; // slow, unreachable, unknown: no proof
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

package plumb.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/// The pooled HTTP/1.1 connections to the peers. Does what it is told and nothing by itself: no retry, no redirect, no
/// cookie, no authentication, no decoding. To `https` addresses it shows the key and trusts the authorities that the
/// JVM was started with (`javax.net.ssl.keyStore`, `.trustStore`), and nobody whose certificate is not for that
/// address. Thread-safe; a call blocks its thread.
final class HopClient implements AutoCloseable {
    // shorter than what Payara (30 s) and WildFly (60 s) keep idle connections, so that we close them, not they
    private static final TimeValue KEEP_ALIVE = TimeValue.ofSeconds(15);
    private static final TimeValue VALIDATE_AFTER = TimeValue.ofSeconds(2);
    private static final Timeout HANDSHAKE = Timeout.ofSeconds(2); // takes work on both sides, unlike a connection

    private final CloseableHttpClient client;

    HopClient(HttpSettings settings) {
        client = HttpClients.custom()
                .setConnectionManager(connections(settings))
                .setKeepAliveStrategy((response, context) -> KEEP_ALIVE)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching()
                .disableDefaultUserAgent()
                .build();
    }

    private static PoolingHttpClientConnectionManager connections(HttpSettings settings) {
        Timeout connect = Timeout.of(settings.connect());
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(DefaultClientTlsStrategy.createSystemDefault())
                .setDefaultTlsConfig(
                        TlsConfig.custom().setHandshakeTimeout(HANDSHAKE).build())
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .responseParserFactory(WholeHead::new)
                        .build())
                .setMaxConnPerRoute(settings.perPeer())
                .setMaxConnTotal(settings.maxForwards())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setSoTimeout(connect)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setValidateAfterInactivity(VALIDATE_AFTER)
                        .build())
                .build();
    }

    /// Sends and waits for the answer's head. The answer must be closed; its body is not read yet.
    ClassicHttpResponse send(HttpHost peer, ClassicHttpRequest request, Duration timeout) throws IOException {
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.ofMilliseconds(Math.max(1, timeout.toMillis())))
                .setResponseTimeout(Timeout.ofMilliseconds(Math.max(1, timeout.toMillis())))
                .setAuthenticationEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .setExpectContinueEnabled(false)
                .build());
        return client.executeOpen(peer, request, context);
    }

    @Override
    public void close() {
        client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    }

    /// A body that may be longer than what is in memory.
    static final class Entity extends AbstractHttpEntity {
        private final HopBody body;
        private final long length;

        Entity(HopBody body, long length) {
            super((String) null, null, length < 0);
            this.body = body;
            this.length = length;
        }

        @Override
        public long getContentLength() {
            return length;
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public boolean isStreaming() {
            return true;
        }

        @Override
        public InputStream getContent() {
            throw new UnsupportedOperationException("is written only");
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            body.writeTo(out);
        }

        @Override
        public void close() {}
    }
}

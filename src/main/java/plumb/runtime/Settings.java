package plumb.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import plumb.access.AccessSettings;
import plumb.dispatch.DispatchSettings;
import plumb.dispatch.QuarantineSettings;
import plumb.http.HttpSettings;
import plumb.ownership.Ownership;

/// Every setting, read once from MicroProfile Config at start and checked. Each key is also an environment variable:
/// `plumb.lease.ttl` is `PLUMB_LEASE_TTL`.
///
/// @param instanceName `plumb.instance.name`: for people; default `$HOSTNAME`
/// @param instanceUrl `plumb.instance.url`: the full address that peers use, with port and context path; required
/// @param publicUrl `plumb.instance.public-url`: the address that outsiders see; default the same
/// @param jdbc `plumb.jdbc.url`, `.user`, `.password`: Postgres 15 or newer; required
/// @param initialRanges `plumb.ranges.initial`: ranges made for a domain that has none; default 64
/// @param ttl `plumb.lease.ttl`: a heartbeat that stands still for that long is dead; default 10 s
/// @param renew `plumb.lease.renew`: the period of renewals; default 2 s
/// @param margin `plumb.lease.margin`: memory is trusted for TTL - margin; default 2 s
/// @param takeover `plumb.takeover`: `confirmed` (a death that is proven ends the wait for the TTL) or `strict`
/// @param ownership `plumb.ownership`: `leased`, or `static`: each of `plumb.static.instances` (names, the same
///     everywhere, in order, with commas) has its part of the key space, and nobody takes it over; default leased
/// @param balance `plumb.balance.…`: see [BalanceSettings]
/// @param statementTimeout `plumb.lease.statement-timeout`: of renewals and ownership changes; default 1 s
/// @param drainTimeout `plumb.drain.timeout`: for a planned move, and for the drain of a stop; default 20 s
/// @param park `plumb.handover.park`: how long a request waits for an owner; default 2 s
/// @param maxParked `plumb.handover.max-parked`: how many may wait, each holding a worker thread; default 48
/// @param handlers `plumb.handler.queue`: requests that may wait for one key, as many urgent ones again, default 256;
///     `plumb.handler.turn`: after that long a turn takes no more of them and commits, default 20 ms;
///     `plumb.handler.idle`: who was not used for that long is passivated, default 10 min; `plumb.handler.max`: so many
///     in memory, for one more the least recently used idle one goes, default 200,000
/// @param heap `plumb.handler.heap`: percent of the heap that may be full after a collection; above, a quarter of the
///     handlers is passivated; default 85
/// @param quarantine `plumb.quarantine.failures`: so many requests of a key in a row that fail unexpectedly,
///     default 10, within `plumb.quarantine.window`, default 1 min, shut it out
/// @param directory `plumb.instance.directory`: where the file is kept that says, after a crash, whose code ran;
///     default the system's for temporary files. In containers: a volume that outlives the container
/// @param containerTasks `plumb.container.tasks`: loads and transactions on the server's threads at once; default 32
/// @param deadline `plumb.deadline`: of a request that brings none; default 10 s
/// @param connect `plumb.forward.connect`: time-out of a hop's connection; default 250 ms
/// @param forwardTimeout `plumb.forward.timeout`: of a hop; default 10 s
/// @param forwardsPerPeer `plumb.forward.per-peer`: hops in flight to one peer; default 64
/// @param forwards `plumb.forward.max`: hops in flight to all peers, each holding a worker thread; default 96
/// @param routing `plumb.routing`: requests for another instance's key are answered by `forward` or `redirect` (307);
///     default forward
/// @param maxWatchers `plumb.routes.max-waiting`: how many clients may wait for another routing table; default 1,000
/// @param secrets `plumb.forward.secrets`: `kid:base64,kid2:…`, the first signs, all verify; none: loopback peers only
/// @param commitBatch `plumb.commit.batch`: turns that may share one commit; default 1024
/// @param access `plumb.admin.…`: see [AccessSettings]
/// @param auditEvery `plumb.audit.every`: how often the audit runs, on one instance; default 1 min
/// @param historyRetention `plumb.history.retention`: how long past grants are remembered; default 90 d
/// @param requestRetention `plumb.request.retention`: how long [plumb.Once] remembers a request; default 1 d
/// @param alarmLook `plumb.alarm.look`: how often the owner looks for alarms that are due and whose keys are not in
///     memory; default 1 s
/// @param migrate `plumb.migrate`: run Flyway at start; default true
record Settings(
        String instanceName,
        String instanceUrl,
        String publicUrl,
        Jdbc jdbc,
        int initialRanges,
        Duration ttl,
        Duration renew,
        Duration margin,
        Takeover takeover,
        Ownership ownership,
        BalanceSettings balance,
        Duration statementTimeout,
        Duration drainTimeout,
        Duration park,
        int maxParked,
        DispatchSettings handlers,
        int heap,
        QuarantineSettings quarantine,
        Path directory,
        int containerTasks,
        Duration deadline,
        Duration connect,
        Duration forwardTimeout,
        int forwardsPerPeer,
        int forwards,
        HttpSettings.Routing routing,
        int maxWatchers,
        Map<String, byte[]> secrets,
        int commitBatch,
        AccessSettings access,
        Duration auditEvery,
        Duration historyRetention,
        Duration requestRetention,
        Duration alarmLook,
        boolean migrate) {

    /// When a silent peer's ranges may be taken.
    enum Takeover {
        /// At once, if its death is proven; else after the TTL.
        CONFIRMED,
        /// After the TTL. For databases behind a pooler, which hides whose sessions there are.
        STRICT
    }

    /// Where Postgres is.
    record Jdbc(String url, String user, String password) {
        @Override
        public String toString() {
            return url + " as " + user; // never the password
        }
    }

    static Settings from(Config config) {
        var read = new Reader(config);
        String url = stripSlash(read.required("plumb.instance.url"));
        String name =
                read.text("plumb.instance.name").or(() -> read.text("HOSTNAME")).orElse("instance");
        return new Settings(
                name,
                url,
                read.text("plumb.instance.public-url").map(Settings::stripSlash).orElse(url),
                jdbc(config),
                read.number("plumb.ranges.initial", 64),
                read.duration("plumb.lease.ttl", "10s"),
                read.duration("plumb.lease.renew", "2s"),
                read.duration("plumb.lease.margin", "2s"),
                takeover(read.text("plumb.takeover").orElse("confirmed")),
                ownership(read, name),
                BalanceSettings.from(read),
                read.duration("plumb.lease.statement-timeout", "1s"),
                read.duration("plumb.drain.timeout", "20s"),
                read.duration("plumb.handover.park", "2s"),
                read.number("plumb.handover.max-parked", 48),
                handlers(read),
                read.percent("plumb.handler.heap", 85),
                new QuarantineSettings(
                        read.number("plumb.quarantine.failures", 10), read.duration("plumb.quarantine.window", "1m")),
                directory(read),
                read.number("plumb.container.tasks", 32),
                read.duration("plumb.deadline", "10s"),
                read.duration("plumb.forward.connect", "250ms"),
                read.duration("plumb.forward.timeout", "10s"),
                read.number("plumb.forward.per-peer", 64),
                read.number("plumb.forward.max", 96),
                routing(read.text("plumb.routing").orElse("forward")),
                read.number("plumb.routes.max-waiting", 1_000),
                secrets(read.text("plumb.forward.secrets").orElse("")),
                read.number("plumb.commit.batch", 1024),
                access(read),
                read.duration("plumb.audit.every", "1m"),
                read.duration("plumb.history.retention", "90d"),
                read.duration("plumb.request.retention", "1d"),
                read.duration("plumb.alarm.look", "1s"),
                read.flag("plumb.migrate", true));
    }

    private static AccessSettings access(Reader read) {
        String auth = read.text("plumb.admin.auth").orElse("form");
        return new AccessSettings(
                read.flag("plumb.admin.enabled", true),
                read.flag("plumb.admin.readonly", true),
                switch (auth) {
                    case "form" -> AccessSettings.Auth.FORM;
                    case "container" -> AccessSettings.Auth.CONTAINER;
                    default -> throw new IllegalArgumentException("plumb.admin.auth is form or container, not " + auth);
                },
                read.text("plumb.admin.password").orElse(null));
    }

    private static Path directory(Reader read) {
        String name = read.text("plumb.instance.directory").orElseGet(() -> System.getProperty("java.io.tmpdir"));
        Path directory = Path.of(name);
        if (!Files.isDirectory(directory))
            throw new IllegalArgumentException("plumb.instance.directory is no directory: " + name);
        return directory;
    }

    private static DispatchSettings handlers(Reader read) {
        int queue = read.number("plumb.handler.queue", 256);
        return new DispatchSettings(
                queue,
                queue, // all that can wait
                read.duration("plumb.handler.turn", "20ms"),
                read.duration("plumb.handler.idle", "10m"),
                read.number("plumb.handler.max", 200_000));
    }

    /// Read apart, because the container's data source needs it before everything else.
    static Jdbc jdbc(Config config) {
        var read = new Reader(config);
        return new Jdbc(
                read.required("plumb.jdbc.url"),
                read.text("plumb.jdbc.user").orElse("postgres"),
                read.text("plumb.jdbc.password").orElse(""));
    }

    /// What of it the HTTP edge needs.
    HttpSettings http() {
        return new HttpSettings(
                instanceName,
                park,
                maxParked,
                deadline,
                connect,
                forwardTimeout,
                forwardsPerPeer,
                forwards,
                HttpSettings.BUFFER,
                HttpSettings.BODY,
                routing,
                publicUrl,
                maxWatchers,
                secrets);
    }

    private static String stripSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    boolean confirmsDeaths() {
        return takeover == Takeover.CONFIRMED;
    }

    private static Takeover takeover(String value) {
        return switch (value) {
            case "confirmed" -> Takeover.CONFIRMED;
            case "strict" -> Takeover.STRICT;
            default -> throw new IllegalArgumentException("plumb.takeover is confirmed or strict, not " + value);
        };
    }

    private static Ownership ownership(Reader read, String name) {
        String how = read.text("plumb.ownership").orElse("leased");
        return switch (how) {
            case "leased" -> new Ownership.Leased(!BalanceSettings.isEnabled(read.config()));
            case "static" -> fleet(read.required("plumb.static.instances"), name);
            default -> throw new IllegalArgumentException("plumb.ownership is leased or static, not " + how);
        };
    }

    private static Ownership fleet(String text, String name) {
        List<String> names = Stream.of(text.split(",", -1)).map(String::strip).toList();
        if (names.contains("")) throw new IllegalArgumentException("plumb.static.instances: a name is empty: " + text);
        if (!names.contains(name))
            throw new IllegalArgumentException("plumb.static.instances = " + text
                    + " does not name this instance: its plumb.instance.name is " + name);
        try {
            return new Ownership.Static(names);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("plumb.static.instances: " + e.getMessage(), e);
        }
    }

    private static HttpSettings.Routing routing(String value) {
        return switch (value) {
            case "forward" -> HttpSettings.Routing.FORWARD;
            case "redirect" -> HttpSettings.Routing.REDIRECT;
            default -> throw new IllegalArgumentException("plumb.routing is forward or redirect, not " + value);
        };
    }

    private static Map<String, byte[]> secrets(String text) {
        var secrets = new LinkedHashMap<String, byte[]>();
        for (String part : text.split(",")) {
            if (part.isBlank()) continue;
            int colon = part.indexOf(':');
            if (colon < 1) throw new IllegalArgumentException("plumb.forward.secrets: write kid:base64,kid2:base64");
            try {
                byte[] secret =
                        Base64.getDecoder().decode(part.substring(colon + 1).strip());
                if (secret.length < 16) throw new IllegalArgumentException("a secret has at least 16 bytes");
                secrets.put(part.substring(0, colon).strip(), secret);
            } catch (IllegalArgumentException e) {
                // the secret itself must not get into a log
                throw new IllegalArgumentException("plumb.forward.secrets: the secret of " + part.substring(0, colon)
                        + " is no base64 of 16 bytes or more");
            }
        }
        return secrets;
    }

    /// Reads single keys with messages that name the key.
    record Reader(Config config) {
        Optional<String> text(String key) {
            return config.getOptionalValue(key, String.class).map(String::strip).filter(value -> !value.isEmpty());
        }

        String required(String key) {
            return text(key)
                    .orElseThrow(() -> new IllegalArgumentException(key + " is required (or "
                            + key.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_")
                            + " in the environment)"));
        }

        boolean flag(String key, boolean byDefault) {
            String value = text(key).orElse(Boolean.toString(byDefault));
            if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false"))
                throw new IllegalArgumentException(key + " is true or false, not " + value);
            return Boolean.parseBoolean(value);
        }

        int number(String key, int byDefault) {
            String value = text(key).orElse(Integer.toString(byDefault));
            try {
                int number = Integer.parseInt(value);
                if (number < 1) throw new IllegalArgumentException(key + " must be at least 1, not " + value);
                return number;
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(key + " is no whole number: " + value, e);
            }
        }

        int percent(String key, int byDefault) {
            int number = number(key, byDefault);
            if (number > 99) throw new IllegalArgumentException(key + " is a percentage from 1 to 99, not " + number);
            return number;
        }

        Duration duration(String key, String byDefault) {
            String value = text(key).orElse(byDefault);
            try {
                return Durations.parse(value);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
            }
        }
    }
}

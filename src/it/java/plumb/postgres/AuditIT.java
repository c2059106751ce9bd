package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.RangeId;
import plumb.ownership.InstanceInfo;
import plumb.ownership.Lease;
import plumb.ownership.LeaseTable.ClaimResult;
import plumb.postgres.LeaseHistory.Grant;
import plumb.postgres.PostgresAudit.Verdict;
import plumb.postgres.PostgresAudit.Violation;

/// Each thing that must never happen is made to happen, around the rules that forbid it, and must be found.
@Timeout(60)
class AuditIT {
    private static PlumbDatabase database;
    private PostgresAudit audit;
    private Incarnation me;
    private List<Lease> leases;

    @BeforeAll
    static void migrate() throws SQLException {
        database = PlumbDatabase.migrated("audit");
        database.execute(
                "create table written (id text primary key, at timestamptz default clock_timestamp(), range_id int, epoch bigint)");
        database.execute(
                "create table numbered (id text primary key, at timestamptz default clock_timestamp(), seq int)");
        database.execute("insert into plumb.audited_table values ('public.written', 'id', 'at')");
        database.execute(
                "insert into plumb.audit_query values ('numbers',"
                        + " 'select id as subject, ''number '' || seq as detail from public.numbered where seq < 0 and at >= $1')");
    }

    @AfterAll
    static void disconnect() throws SQLException {
        database.close();
    }

    @BeforeEach
    void aHistory() throws SQLException {
        database.empty();
        database.execute("truncate written, numbered, plumb.audit_violation, plumb.audit_run");
        audit = new PostgresAudit(database.connections(), "me");
        try (var table = new PostgresLeaseTable(database.connections())) {
            table.createRanges("customer", "UUID", 4);
            Incarnation before = table.register(new InstanceInfo("before", "http://x", "http://x", "1"), null);
            ((ClaimResult.Granted) table.claim(before, 4))
                    .leases()
                    .forEach(lease -> write("first " + lease.range(), lease));
            table.release(before);
            me = table.register(new InstanceInfo("me", "http://x", "http://x", "1"), null);
            leases = ((ClaimResult.Granted) table.claim(me, 4)).leases();
        }
        leases.forEach(lease -> write("second " + lease.range(), lease));
    }

    private static void write(String id, Lease lease) {
        write(id, lease.range(), lease.epoch().value());
    }

    private static void write(String id, RangeId range, long epoch) {
        try {
            database.execute("insert into written (id, range_id, epoch) values (?, ?, ?)", id, range.value(), epoch);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As a superuser who knows better.
    private void withoutRules(String sql) throws SQLException {
        try (var session = database.session();
                var statement = session.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute(sql);
        }
    }

    private RangeId range() {
        return leases.getFirst().range();
    }

    @Test
    void aBusyAndProperHistoryHasNoViolation() {
        Verdict verdict = audit.run(true);

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.exact()).isTrue();
        assertThat(verdict.checkedAt()).isNotNull();
    }

    @Test
    void aWriteAfterItsEpochHadEndedIsFound() {
        write("stale", range(), leases.getFirst().epoch().value() - 2);

        found("tenure", "public.written stale");
    }

    @Test
    void aWriteOfAnEpochThatWasNeverGrantedIsFound() {
        write("invented", range(), 99);

        found("tenure", "public.written invented");
    }

    @Test
    void anOverlapIsFound() throws SQLException {
        withoutRules("alter table plumb.range_lease drop constraint range_lease_no_overlap");
        withoutRules("update plumb.range_lease set hi = hi + 10 where lo = 0");

        List<Violation> violations = audit.run(true).violations();
        withoutRules("update plumb.range_lease set hi = hi - 10 where lo = 0");
        withoutRules("alter table plumb.range_lease add constraint range_lease_no_overlap"
                + " exclude using gist (domain with =, int8range(lo, hi) with &&) deferrable initially deferred");

        assertThat(violations).extracting(Violation::rule).contains("overlap");
    }

    @Test
    void aGapIsFoundWhereverItIs() throws SQLException {
        withoutRules("update plumb.range_lease set hi = hi - 10");

        assertThat(audit.run(true).violations())
                .filteredOn(violation -> violation.rule().equals("gap"))
                .hasSize(4);
    }

    @Test
    void aGapAtTheBeginningIsFound() throws SQLException {
        withoutRules("update plumb.range_lease set lo = 10 where lo = 0");

        found("gap", "customer slot 0");
    }

    @Test
    void anEpochThatTheHistoryDoesNotKnowIsFound() throws SQLException {
        withoutRules("update plumb.range_lease set epoch = epoch + 5 where range_id = " + range());

        found("history", "range " + range());
    }

    @Test
    void anEpochThatWentBackwardsIsFound() throws SQLException {
        withoutRules("update plumb.lease_history set v = 0 where range_id = " + range() + " and epoch = "
                + leases.getFirst().epoch());

        assertThat(audit.run(true).violations()).extracting(Violation::rule).contains("order");
    }

    @Test
    void aDomainsOwnRuleIsAsked() throws SQLException {
        database.execute("insert into numbered (id, seq) values ('joe', -1)");

        found("numbers", "joe");
    }

    private void found(String rule, String subject) {
        assertThat(audit.run(true).violations()).anySatisfy(violation -> {
            assertThat(violation.rule()).isEqualTo(rule);
            assertThat(violation.subject()).isEqualTo(subject);
        });
        assertThat(audit.latest().count()).isPositive();
    }

    @Test
    void aRestoredDumpIsCleanOnceTheHistoryIsToldOfIt() throws SQLException {
        database.execute("update written set id = id"); // as a restore does: old epochs, written now
        assertThat(audit.run(true).violations()).isNotEmpty();
        database.execute("truncate plumb.audit_violation");

        database.execute("update plumb.lease_history set at = clock_timestamp()");

        assertThat(audit.run(true).violations()).isEmpty();
    }

    @Test
    void whatWasFoundStaysFound() throws SQLException {
        write("stale", range(), 99);
        audit.run(true);
        database.execute("delete from written where id = 'stale'");

        assertThat(audit.run(false).violations()).hasSize(1);
        assertThat(new PostgresAudit(database.connections(), "another").read().violations())
                .hasSize(1);
    }

    @Test
    void onlyWhatIsNewIsLookedAtAgain() throws SQLException {
        audit.run(true);
        database.execute(
                "insert into written (id, range_id, epoch, at) values ('long ago', ?, 99,"
                        + " clock_timestamp() - interval '3 hours')",
                range().value());
        write("new", range(), 99);

        assertThat(audit.run(false).violations()).extracting(Violation::subject).containsExactly("public.written new");
        assertThat(audit.run(true).violations()).hasSize(2);
    }

    @Test
    void theFirstRunOfAnHourLooksFurtherBack() throws SQLException {
        audit.run(true);
        database.execute(
                "insert into written (id, range_id, epoch, at) values ('of a wrong clock', ?, 99,"
                        + " date_trunc('hour', clock_timestamp()) - interval '50 minutes')",
                range().value());
        assertThat(audit.run(false).violations()).isEmpty();

        database.execute(
                "update plumb.audit_run set began = date_trunc('hour', clock_timestamp()) - interval '1 second'");

        assertThat(audit.run(false).violations())
                .extracting(Violation::subject)
                .containsExactly("public.written of a wrong clock");
    }

    @Test
    void theHistoryKnowsWhoOwnedAKeyAtATime() throws SQLException {
        Instant now = Instant.parse(database.query("select to_char(clock_timestamp() at time zone 'UTC',"
                        + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                .getFirst());
        Instant then =
                Instant.parse(database.query("select to_char((max(at) - interval '1 microsecond') at time zone 'UTC',"
                                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from plumb.lease_history"
                                + " where lo = 0 and reason = 'release'")
                        .getFirst());
        var history = new LeaseHistory(database.connections());
        Key key = keyOf(leases.stream()
                .filter(lease -> lease.keys().lo() == 0)
                .findFirst()
                .orElseThrow());

        assertThat(history.ownerAt(key, now)).map(Grant::name).contains("me");
        assertThat(history.ownerAt(key, then)).map(Grant::name).contains("before");
        assertThat(history.ownerAt(key, Instant.EPOCH)).isEmpty();
    }

    private static Key keyOf(Lease lease) {
        for (int i = 0; ; i++) {
            var key = new Key("customer", "key-" + i);
            if (lease.keys().contains(key.slot())) return key;
        }
    }

    @Test
    void whoOwnedAKeyIsOneLookIntoAnIndex() throws SQLException {
        withoutRules("insert into plumb.lease_history (range_id, epoch, v, domain, lo, hi, at)"
                + " select 1000 + n % 64, n, n, 'customer', n % 64 * 67108864, n % 64 * 67108864 + 67108864,"
                + " clock_timestamp() - n * interval '1 minute' from generate_series(1::bigint, 20000) n");
        database.execute("analyze plumb.lease_history");

        String sql = LeaseHistory.OWNER_AT
                .replaceFirst("\\?", "'customer'")
                .replaceFirst("\\?::", "4711::")
                .replaceAll("\\?", "(now() - interval '7 days')");
        assertThat(database.query("explain " + sql)).anyMatch(line -> line.contains("lease_history_of_slot"));
        String past = LeaseHistory.OF_SLOTS
                .replaceFirst("\\?", "'customer'")
                .replaceFirst("\\?, \\?", "4711::bigint, 4712::bigint")
                .replaceFirst("\\?", "100");
        assertThat(database.query("explain " + past))
                .anyMatch(line -> line.contains("lease_history_of_slot"))
                .noneMatch(line -> line.contains("Seq Scan on decision"));
    }

    @Test
    void theHistoryForgetsWhatWasFollowedLongAgoAndNothingElse() throws SQLException {
        var history = new LeaseHistory(database.connections());
        long all = count();
        assertThat(history.prune(Duration.ofDays(90))).isZero();

        history.prune(Duration.ZERO);

        assertThat(count()).as("the last grant of each range").isEqualTo(4).isLessThan(all);
        assertThat(database.query("select name from plumb.instance")).containsExactly("me");
        assertThat(audit.run(true).violations()).isEmpty();
    }

    private long count() throws SQLException {
        return Long.parseLong(
                database.query("select count(*) from plumb.lease_history").getFirst());
    }
}

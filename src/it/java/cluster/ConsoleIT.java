package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/// The pages in a real browser. Pictures of them are left in `target/screens`.
class ConsoleIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster = Cluster.healthy();
    private final Browser browser = Browser.start();

    @AfterEach
    void end() {
        browser.close();
    }

    /// As `admin`, who logs in if he has to.
    private void open(int instance, String page) {
        String address = cluster.instance(instance).url() + "/admin/" + page;
        browser.open(address);
        if (browser.url().contains("login.xhtml")) logIn("admin", Http.PASSWORD);
        await("the page").atMost(PATIENCE).until(() -> browser.url().equals(address));
    }

    private void logIn(String name, String password) {
        browser.type("input[name=name]", name);
        browser.type("input[name=password]", password);
        browser.click("form.login button");
    }

    @Test
    void theMapChangesByItselfWhenAnInstanceIsKilled() throws Exception {
        open(1, "leases.xhtml");
        assertThat(owners()).contains("instance-1", "instance-2", "instance-3");
        browser.keep("leases");
        Instance killed = cluster.instance(2);

        killed.signal("KILL");

        await("the page shows it").atMost(PATIENCE).until(() -> !owners().contains("instance-2"));
        assertThat(browser.text("#count")).contains(pieces() + " ranges, 0 without an owner");
    }

    private long anyRange() {
        return cluster.longs("select range_id from plumb.range_lease").getFirst();
    }

    private int pieces() {
        return browser.all("#map .bar a").size();
    }

    /// Of the pieces of the map.
    private String owners() {
        return String.valueOf(
                browser.run(
                        "return [...document.querySelectorAll('#map .bar a')].map(a => a.getAttribute('aria-label')).join(' | ')"));
    }

    @Test
    void whoOwnsACustomerAndWhyIsFoundByKeyboardAlone() throws Exception {
        UUID customer = Http.customerOf(cluster.instance(3));
        String range = Http.get(cluster.instance(1), "/api/routes/customer/" + customer)
                .member("range");
        open(1, "leases.xhtml?domain=customer&key=" + customer);
        assertThat(browser.text("#answer")).contains("owned by instance-3", "range " + range);

        browser.run("document.querySelector('#map .bar a[tabindex=\"0\"]').focus()");
        for (int i = 0; i < 200 && !browser.focused("aria-label").startsWith("range " + range + ","); i++)
            browser.press(Keys.ARROW_RIGHT);
        assertThat(browser.focused("aria-label"))
                .startsWith("range " + range + ",")
                .contains("instance-3");
        assertThat(browser.all("#map .bar a[tabindex='0']"))
                .as("one stop of the tab key")
                .hasSize(1);
        browser.press(Keys.ENTER);

        await().atMost(PATIENCE).until(() -> browser.url().endsWith("range.xhtml?id=" + range));
        assertThat(browser.text("#now")).contains("instance-3");
        assertThat(browser.text("#history")).contains("since", "cause", "instance-3");
        browser.keep("range");
    }

    @Test
    void nobodyIsKeptOutAndNobodyElseIsAsked() throws Exception {
        for (String scheme : List.of("light", "dark")) {
            browser.prefer(scheme);
            UUID customer = Http.customerOf(cluster.instance(2));
            for (String page : List.of(
                    "leases.xhtml",
                    "range.xhtml?id=" + anyRange(),
                    "range.xhtml?id=999999",
                    "instance.xhtml?name=instance-2",
                    "key.xhtml?domain=customer&key=" + customer)) {
                open(1, page);
                assertThat(browser.obstacles()).as(scheme + " " + page).isEmpty();
                browser.zoom();
                assertThat(browser.run("return document.documentElement.scrollWidth > innerWidth"))
                        .as("wider than the window: " + page)
                        .isEqualTo(false);
                browser.unzoom();
            }
            open(1, "leases.xhtml");
            browser.keep("leases-" + scheme);
        }
        browser.forget();
        browser.open(cluster.instance(1).url() + "/admin/leases.xhtml");
        assertThat(browser.obstacles()).as("the form").isEmpty();
        browser.keep("login");
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.hosts()).containsOnly(cluster.instance(1).url().replaceFirst("http://", ""));
    }

    /// What would happen is shown first, then it is asked for, then it is watched.
    @Test
    void aRangeIsMovedFromItsPage() throws Exception {
        String range = cluster.strings("select r.range_id::text from plumb.range_lease r"
                        + " join plumb.instance i on i.instance_id = r.owner and i.name = 'instance-1' limit 1")
                .getFirst();
        open(1, "range.xhtml?id=" + range);
        browser.choose("form.action select[name=to]", "instance-2");
        browser.type("form.action input[name=reason]", "tried from the page");
        browser.click("form.action button");
        await("what would happen")
                .atMost(PATIENCE)
                .until(() -> browser.text("#confirm").contains("goes to instance-2"));
        browser.keep("confirm");
        assertThat(owner(range)).isEqualTo("instance-1");

        browser.click("#confirm-no");
        assertThat(browser.text("#confirm")).isEmpty();
        browser.click("form.action button");
        await("again").atMost(PATIENCE).until(() -> browser.text("#confirm").contains("goes to instance-2"));
        browser.click("#confirm-yes");

        await("done; it may be given up if its target does not answer at once")
                .atMost(PATIENCE)
                .until(() -> {
                    String outcome = browser.text(".outcome");
                    if (outcome.contains("nothing has changed")
                            && browser.text("#confirm").isEmpty()) browser.click("form.action button");
                    if (!browser.text("#confirm").isEmpty()) browser.click("#confirm-yes");
                    return outcome.contains("Done: instance-2 owns it");
                });
        await("the page shows it").atMost(PATIENCE).untilAsserted(() -> {
            assertThat(browser.text("#now")).startsWith("owner\ninstance-2");
            assertThat(browser.text("#history")).contains("admin on instance-1", "tried from the page");
        });
        assertThat(owner(range)).isEqualTo("instance-2");
        browser.keep("moved");
    }

    @Test
    void aRangeIsPinnedSplitAndMergedFromItsPage() throws Exception {
        String range = cluster.strings("select r.range_id::text from plumb.range_lease r"
                        + " join plumb.range_lease n on n.domain = r.domain and n.lo = r.hi and n.owner = r.owner"
                        + " where r.hi - r.lo > 2 and not r.pinned limit 1")
                .getFirst();
        open(1, "range.xhtml?id=" + range);

        ask("/pin'", "it stays");
        await("pinned").atMost(PATIENCE).until(() -> browser.text("#now").contains("yes: it stays"));
        renewalsShowWhatIsShownNow();
        ask("/split'", "two are better");
        await("split").atMost(PATIENCE).until(() -> outcome("/split'").contains("Done:"));
        renewed(); // with the epoch from before the split, as by a renewal that was under way
        ask("/merge'", "one is enough");
        await("merged").atMost(PATIENCE).until(() -> outcome("/merge'").contains("Done:"));
        browser.run("window.fetch = window.fetched");
        await("offered")
                .atMost(PATIENCE)
                .until(() -> browser.text("#pin button").equals("Unpin"));
        ask("/pin'", "it may go");
        await("unpinned")
                .atMost(PATIENCE)
                .until(() -> browser.text("#pin button").equals("Pin"));

        assertThat(cluster.strings("select kind || ', ' || reason from plumb.decision where range_id = " + range))
                .contains("pin, it stays", "split, two are better", "merge, one is enough", "unpin, it may go");
        assertThat(browser.complaints()).isEmpty();
    }

    /// From now on, as if each had been begun now.
    private void renewalsShowWhatIsShownNow() {
        browser.run("""
                const shown = document.documentElement.outerHTML;
                window.fetched = window.fetch;
                window.renewals = 0;
                window.fetch = (what, how) => {
                  if (what !== location.href) return window.fetched(what, how);
                  window.renewals++;
                  return Promise.resolve(new Response(shown));
                };""");
    }

    /// Twice more: the second is asked for when the first has been shown.
    private void renewed() {
        long before = (Long) browser.run("return window.renewals");
        await("renewed").atMost(PATIENCE).until(() -> (Long) browser.run("return window.renewals") > before + 1);
    }

    /// @param end of the call of a form, with its quote
    private void ask(String end, String reason) {
        String form = "form.action[data-call$='" + end + "]";
        browser.type(form + " input[name=reason]", reason);
        browser.click(form + " button");
        await("sure?")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(browser.text("#confirm"))
                        .as(() -> outcome(end))
                        .isNotEmpty());
        browser.click("#confirm-yes");
    }

    private String outcome(String end) {
        return browser.text("form.action[data-call$='" + end + "] .outcome");
    }

    /// Its owner does not get to it, because it does not reach the database for a moment. Where everything is slow, it
    /// may be dead before anybody has looked.
    @Test
    void theMapShowsWhatIsOnTheMove() throws Exception {
        for (int attempt = 1; !isSeenOnTheMove(); attempt++) {
            assertThat(attempt).as("attempts").isLessThan(5);
            Cluster.healthy();
        }
    }

    private boolean isSeenOnTheMove() throws Exception {
        List<String> lives = cluster.lives();
        String range = cluster.strings("select r.range_id::text from plumb.range_lease r"
                        + " join plumb.instance i on i.instance_id = r.owner and i.name = 'instance-1' limit 1")
                .getFirst();
        open(2, "leases.xhtml"); // warm, and logged in
        cluster.toPostgres(1).stall();
        try {
            Http.send(Http.request(cluster.instance(2), "/api/plumb/ranges/" + range + "/move")
                    .header("If-Match", "*")
                    .header("Content-Type", "application/json")
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                            "{\"to\":\"instance-3\",\"reason\":\"a test\"}")));
            open(2, "leases.xhtml"); // at once: whoever is cut off for longer than the TTL is dead
            await("on the map")
                    .atMost(PATIENCE)
                    .until(() -> shows(range) || !cluster.lives().equals(lives));
            if (!shows(range)) return false;
            browser.keep("moving");
        } finally {
            cluster.toPostgres(1).flow();
        }
        await("over").atMost(PATIENCE).until(() -> browser.text("#moving").equals("Nothing."));
        await("it is there").atMost(PATIENCE).until(() -> owner(range).equals("instance-3"));
        return true;
    }

    private boolean shows(String range) {
        String moving = browser.text("#moving");
        return owners().contains("moving to instance-3")
                && moving.contains("range " + range)
                && moving.contains("from instance-1 to instance-3");
    }

    private String owner(String range) {
        return cluster.strings("select i.name from plumb.range_lease r join plumb.instance i on i.instance_id = r.owner"
                        + " where range_id = " + range)
                .getFirst();
    }

    @Test
    void anInstanceIsDrainedFromThePageOfAnotherOne() throws Exception {
        open(1, "leases.xhtml");
        browser.follow("#instances a[href*='instance-3']");
        assertThat(browser.url()).endsWith("instance.xhtml?name=instance-3");
        browser.type("form.action input[name=reason]", "a new kernel");
        browser.click("form.action button");
        await("the plan")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(browser.text("#confirm") + browser.text(".outcome"))
                        .contains("The others have then: instance-1"));
        browser.keep("drain");
        browser.click("#confirm-yes");

        await("it owns nothing")
                .atMost(PATIENCE)
                .until(() -> browser.text("#now").contains("LEAVING")
                        && browser.text("#now").contains("0, 0.0 %"));
        assertThat(Http.get(cluster.instance(3), "/api/plumb/stoppable").body()).contains("\"drained\":true");

        browser.type("form.action[data-call^=DELETE] input[name=reason]", "done");
        browser.click("form.action[data-call^=DELETE] button");
        await("sure?").atMost(PATIENCE).until(() -> !browser.text("#confirm").isEmpty());
        browser.click("#confirm-yes");
        await("it serves").atMost(PATIENCE).until(() -> browser.text("#state").equals("ALIVE"));
    }

    @Test
    void theOwnerTellsOfACustomer() throws Exception {
        UUID customer = Http.customerOf(cluster.instance(3));
        Http.send(Http.reorder(cluster.instance(2), customer));
        open(1, "leases.xhtml?domain=customer&key=" + customer);
        browser.follow("#answer a");

        await("what it has in memory")
                .atMost(PATIENCE)
                .until(() -> browser.text("#at-owner").contains("inKitchen"));
        assertThat(browser.text("#at-owner")).contains("late", "\"version\": 1");
        assertThat(browser.text("#now")).contains("instance-3");
        assertThat(browser.text("#history")).contains("instance-3");
        browser.keep("key");
    }

    /// Who may not is not shown what he may not; who guesses is told that it is wrong.
    @Test
    void aViewerSeesNoFormsAndNoKeys() throws Exception {
        Http.send(Http.request(cluster.instance(1), "/api/plumb/people/vi")
                .header("Content-Type", "application/json")
                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(
                        "{\"role\":\"viewer\",\"password\":\"the password of vi\",\"reason\":\"a test\"}")));
        browser.open(cluster.instance(1).url() + "/admin/range.xhtml?id=" + anyRange());
        logIn("vi", "not the password");
        await("refused").atMost(PATIENCE).until(() -> browser.text(".problem").contains("wrong"));

        logIn("vi", "the password of vi");

        await("in").atMost(PATIENCE).until(() -> browser.url().contains("range.xhtml?id="));
        assertThat(browser.text("#me")).isEqualTo("vi, viewer");
        assertThat(browser.all("form.action")).isEmpty();
        browser.open(cluster.instance(1).url() + "/admin/key.xhtml?domain=customer&key=" + UUID.randomUUID());
        assertThat(browser.all("#at-owner")).isEmpty();
        browser.click("header button");
        await("out").atMost(PATIENCE).until(() -> browser.url().endsWith("/admin/login.xhtml"));
    }

    /// Standing still or ended: it says so, and goes on when the instance is there again.
    @Test
    void aPageWhoseInstanceIsGoneSaysSo() throws Exception {
        Instance shown = cluster.instance(3);
        open(3, "leases.xhtml");

        shown.signal("STOP");
        await("it says so").atMost(PATIENCE).until(() -> browser.text("#news").contains("has not answered since"));
        shown.signal("KILL");
        await("it ends").atMost(PATIENCE).until(() -> shown.process().isEmpty());
        shown.start();

        await("it goes on")
                .atMost(Duration.ofSeconds(120))
                .until(() -> browser.text("#news").isEmpty());
    }
}

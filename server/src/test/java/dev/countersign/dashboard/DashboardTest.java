package dev.countersign.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.Vote;
import dev.countersign.ledger.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The dashboard as reviewers use it, in a real browser.
final class DashboardTest extends BrowserTest {
    private Page signedIn(String user) {
        var page = page(context);
        page.navigate(office.url("/"));
        signIn(page, user);
        return page;
    }

    private BrowserContext withoutScript() {
        context.close();
        context = Chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(390, 844)
                        .setJavaScriptEnabled(false));
        return context;
    }

    @Test
    void a_request_appears_in_the_open_queue_by_itself_and_goes_when_it_is_decided() {
        var page = signedIn("ana");
        assertThat(page.locator(".nothing")).containsText("Nothing waits.");
        assertThat(page.locator("[data-live]")).hasText("live");
        page.evaluate("window.mark = 'not reloaded'");

        var id = office.asks("refunds:write");
        assertThat(page.locator(".row[data-id='" + id + "'] .what"))
                .hasText("Refund bot wants to refund a payment at Payments API for 2 minutes");
        assertThat(page).hasTitle("(1) Queue · Countersign");

        office.says("bo", Vote.Word.DENY, id);
        assertThat(page.locator(".nothing")).containsText("Nothing waits.");
        assertThat(page).hasTitle("Queue · Countersign");
        assertThat(page.evaluate("window.mark")).isEqualTo("not reloaded");
    }

    @Test
    void the_riskiest_comes_first_and_identical_asks_are_one_row() {
        office.asks("refunds:read");
        var one = office.asks("refunds:write");
        office.clock.advance(Duration.ofSeconds(5));
        var other = office.asks("refunds:write", "[]", "again", "203.0.113.9");

        var page = signedIn("ana");
        assertThat(page.locator(".rows .row")).hasCount(2);
        assertThat(page.locator(".rows .row").first()).hasAttribute("data-id", one);
        assertThat(page.locator(".alike a")).hasAttribute("href", "/requests/" + other);
        assertThat(page.locator(".alike")).containsText("1 more asks for the same:");
        assertThat(page.locator(".alike a")).containsText("from 203.0.113.9");
        assertThat(page).hasTitle("(3) Queue · Countersign");
    }

    @Test
    void a_person_says_that_they_are_away_and_requests_say_so() {
        var page = signedIn("ana");
        page.navigate(office.url("/account"));
        page.click("a[href='/account/away']");
        page.fill("[name=from]", "2026-06-01T11:00");
        page.fill("[name=until]", "2026-06-03T09:30");
        page.fill("[name=zone]", "Berlin");
        page.click("form.away button");
        assertThat(page.locator(".notice")).containsText("That cannot be: write both times as 2026-08-01T09:00");
        page.fill("[name=from]", "2026-06-01T11:00");
        page.fill("[name=until]", "2026-06-03T09:30");
        page.fill("[name=zone]", "Europe/Berlin");
        page.selectOption("[name=substitute]", office.person("cy").id().value());
        page.click("form.away button");
        assertThat(page.locator(".held li")).containsText("1 Jun 2026, 11:00 to 3 Jun 2026, 09:30");
        assertThat(page.locator(".held li")).containsText("Cy Chen stands in");

        page.navigate(office.url("/requests/" + office.asks("refunds:write")));
        assertThat(page.locator("#status")).containsText("Ana Lima is away until 3 Jun 2026, 07:30 UTC");
        page.navigate(office.url("/account/away"));
        page.click(".held button");
        assertThat(page.locator(".held li")).hasCount(0);
    }

    @Test
    void a_question_reaches_the_owner_and_the_answer_the_reviewer_without_a_reload() {
        var id = office.asks("refunds:write");
        var page = signedIn("ana");
        page.navigate(office.url("/requests/" + id));
        page.keyboard().press("q");
        page.keyboard().type("Which order is it?");
        page.click("#ask button");
        assertThat(page.locator(".talk .question")).containsText("Which order is it?");
        page.click(".claim button");
        assertThat(page.locator(".claimed")).hasText("You look into it; others see that.");

        var other = Chromium.browser().newContext();
        try (other) {
            var owner = page(other);
            owner.navigate(office.url("/"));
            signIn(owner, "dee");
            assertThat(owner.locator("section[aria-labelledby=asked] .row")).hasAttribute("data-id", id);
            assertThat(owner.locator(".row .note")).hasText("Ana Lima looks into it; asked, not answered yet");
            owner.click("section[aria-labelledby=asked] .what");
            assertThat(owner.locator(".claimed")).hasText("Ana Lima looks into it.");
            owner.fill(".say textarea", "Order <b>1042</b>");
            owner.click(".say button");
            assertThat(owner.locator(".talk .answer")).containsText("Order <b>1042</b>");
        }
        assertThat(page.locator(".talk .answer .words")).hasText("Order <b>1042</b>");
        page.click(".claim button");
        assertThat(page.locator(".claimed")).hasCount(0);
        assertThat(office.entriesOf(id))
                .endsWith("request.commented", "request.claimed", "request.commented", "request.released");
    }

    @Test
    void what_is_said_too_late_is_refused_and_says_why() {
        var id = office.asks("refunds:write");
        var page = signedIn("ana");
        page.navigate(office.url("/requests/" + id));
        office.says("bo", Vote.Word.DENY, id);
        var answer = page.evaluate("""
                async (id) => {
                  const body = new URLSearchParams({ csrf: document.querySelector('[name=csrf]').value, comment: 'why?' });
                  const reply = await fetch(`/requests/${id}/comments`, { method: 'POST', body });
                  return reply.status + ' ' + await reply.text();
                }""", id);
        assertThat(answer.toString()).startsWith("409").contains("Nothing was done. Denied.");
    }

    @Test
    void what_was_decided_is_exported_and_no_reason_is_a_formula() {
        var id = office.asks("refunds:write", "[]", "=HYPERLINK(\"http://evil\"), \"now\"", "10.0.0.1");
        office.clock.advance(Duration.ofSeconds(41));
        office.says("ana", Vote.Word.DENY, id);
        var page = signedIn("ana");
        page.navigate(office.url("/history?state=denied"));
        var csv = page.evaluate(
                        "async () => (await fetch(document.querySelector('a[href^=\"/history.csv\"]').href)).text()")
                .toString();
        var lines = csv.split("\r\n", -1);
        assertThat(lines).hasSize(3);
        assertThat(lines[0]).startsWith("id,outcome,decided_by,made_at,decided_at,seconds,client");
        assertThat(lines[1])
                .startsWith(id + ",denied,Ana Lima,")
                .contains(",41,refund-bot,")
                .contains("\"'=HYPERLINK(\"\"http://evil\"\"), \"\"now\"\"\"");
        var json =
                page.evaluate("async () => (await (await fetch('/history.json?state=denied')).json()).items[0].reason");
        assertThat(json).isEqualTo("=HYPERLINK(\"http://evil\"), \"now\"");
        assertThat(page.evaluate(
                        "async () => (await (await fetch('/history.json?state=redeemed')).json()).items.length"))
                .isEqualTo(0);
    }

    @Test
    void the_overview_says_what_waits_and_how_long_people_take() {
        var page = signedIn("ana");
        page.keyboard().type("go");
        assertThat(page.locator("h1")).hasText("Overview");
        assertThat(page.locator("main")).containsText("People decided nothing in 30 days.");
        assertThat(page.locator("main")).containsText("No token was granted in 30 days.");
        assertThat(page.locator("main")).containsText("no token can be used now");
        assertThat(page.locator("main")).containsText("all collected");

        var id = office.asks("refunds:write");
        office.clock.advance(Duration.ofSeconds(41));
        office.says("ana", Vote.Word.APPROVE, id);
        office.asks("refunds:write", "[]", "again", "203.0.113.9");
        page.reload();
        assertThat(page.locator(".tile.high .big")).hasText("1");
        assertThat(page.locator("section[aria-labelledby=h-times] tbody tr")).hasCount(1);
        assertThat(page.locator("section[aria-labelledby=h-times] tbody tr")).containsText("41 seconds");
        assertThat(page.locator("section[aria-labelledby=h-days] figure.chart")).isVisible();
        assertThat(page.locator("section[aria-labelledby=h-privilege]"))
                .containsText("Tokens that could live for 2 minutes were granted, and such for 0 minutes were taken.");
        assertThat(page.locator("main")).containsText("to be collected; it has");
    }

    @Test
    void a_store_that_is_gone_is_said_to_be() {
        var page = signedIn("ana");
        page.navigate("about:blank"); // a live page would ask by itself, and be told 503 on its console
        office.store.close();
        var answer = page.navigate(office.url("/history"));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(page.locator("h1")).hasText("Not available");
    }

    @Test
    void an_open_request_tells_of_the_same_from_elsewhere_by_itself() {
        var id = office.asks("refunds:write");
        var page = signedIn("ana");
        page.navigate(office.url("/requests/" + id));
        assertThat(page.locator("[data-live]")).hasText("live");
        assertThat(page.locator(".judged")).not().containsText("elsewhere");

        var other = office.asks("refunds:write", "[]", "again", "203.0.113.9");
        assertThat(page.locator(".judged .findings li").first()).containsText("the same is pending from elsewhere");
        office.says("bo", Vote.Word.DENY, other);
        assertThat(page.locator(".judged")).not().containsText("elsewhere");
        assertThat(page.locator("#do-approve")).isVisible();
    }

    @Test
    void focus_stays_where_it_was_when_another_request_comes_in() {
        var id = office.asks("refunds:read");
        var page = signedIn("ana");
        assertThat(page.locator("[data-live]")).hasText("live");
        page.keyboard().press("j");
        assertThat(page.locator("#r-" + id)).isFocused();

        var other = office.asks("refunds:write");
        assertThat(page.locator(".row[data-id='" + other + "']")).isVisible();
        assertThat(page.locator("#r-" + id)).isFocused();
    }

    @Test
    void a_reviewer_approves_with_the_keyboard_alone() {
        var id = office.asks("refunds:read");
        var page = signedIn("ana");

        page.keyboard().press("j");
        page.keyboard().press("Enter");
        page.waitForURL("**/requests/" + id);
        assertThat(page.locator("#do-approve")).not().isFocused();
        page.keyboard().press("a");
        assertThat(page.locator("#do-approve")).isFocused();
        page.keyboard().press("Enter");
        page.waitForURL("**/?voted=*");

        assertThat(page.locator("#said")).containsText("You approved: Refund bot wants to see refunds");
        assertThat(office.approval(id)).isInstanceOf(Approval.Approved.class);
    }

    @Test
    void a_reviewer_denies_from_the_queue_with_a_preset_and_a_comment() {
        var id = office.asks("refunds:write");
        var page = signedIn("ana");

        page.keyboard().press("j");
        page.keyboard().press("d");
        page.waitForURL("**/requests/" + id + "#deny");
        page.check("[value=suspicious]");
        page.fill("#deny textarea", "called the owner, it was not them");
        page.click("#deny button.solid");
        page.waitForURL("**/?voted=*");

        assertThat(office.approval(id)).isInstanceOf(Approval.Denied.class);
        assertThat(office.approval(id).heard().getFirst().comment())
                .isEqualTo("It looks like an attack: called the owner, it was not them");
        page.keyboard().type("gh");
        page.waitForURL("**/history");
        assertThat(page.locator(".past .row")).containsText(new String[] {"Ana Lima"});
    }

    @Test
    void a_high_risk_approval_takes_a_second_step_and_grants_what_it_says() {
        var id = office.asks("refunds:read refunds:write");
        var page = signedIn("ana");
        page.navigate(office.url("/requests/" + id));

        page.keyboard().press("n");
        page.uncheck("[value='refunds:read']");
        page.fill("[name=lifetime]", "30");
        page.click("#narrow button.approve");

        assertThat(page.locator("#step-title")).containsText("Refund bot wants to refund a payment");
        assertThat(page.locator(".step")).containsText("for 30 seconds");
        assertThat(page.locator(".step .gone")).containsText("See refunds");
        assertThat(page.locator(".step .harm"))
                .hasText("At worst Refund a payment: Money leaves the account Undone by: Reversal within a day");
        assertThat(office.approval(id)).isInstanceOf(Approval.Pending.class);

        page.keyboard().press("a");
        page.keyboard().press("Enter");
        page.waitForURL("**/?voted=*");
        var approved = (Approval.Approved) office.approval(id);
        assertThat(approved.granted().scopes().names()).containsExactly("refunds:write");
        assertThat(approved.granted().lifetime()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void details_are_granted_as_they_are_asked_or_left_out() {
        var refunds =
                "[{\"amount\":40,\"order\":\"7781\",\"type\":\"refund\"},{\"amount\":90,\"order\":\"7782\",\"type\":\"refund\"}]";
        var id = office.asks("refunds:write", refunds, "two orders");
        var page = signedIn("ana");
        page.navigate(office.url("/requests/" + id));
        assertThat(page.locator("h1")).containsText("refund 40 EUR on order 7781 and refund 90 EUR on order 7782");
        assertThat(page.locator(".facts > .harm"))
                .containsText("refund: That amount leaves the account Undone by: Reversal within a day");

        page.keyboard().press("n");
        page.uncheck("[name=detail][value='1']");
        page.click("#narrow button.approve");
        page.click("#do-approve");
        page.waitForURL("**/?voted=*");

        assertThat(((Approval.Approved) office.approval(id)).granted().details().canonical())
                .isEqualTo("[{\"amount\":40,\"order\":\"7781\",\"type\":\"refund\"}]");
    }

    private static final String REFUND =
            "[{\"amount\":40,\"lines\":[\"shoes\",\"hat\",\"gloves\"],\"order\":\"7781\",\"type\":\"refund\"}]";

    @Test
    void a_reviewer_lowers_an_amount_and_shortens_a_list_and_the_second_step_says_so() {
        var id = office.asks("refunds:read refunds:write", REFUND, "Order 7781");
        var page = signedIn("ana");
        page.navigate(office.url("/requests/" + id));
        page.keyboard().press("n");
        page.fill("[name='lower.0.amount']", "12.50");
        page.uncheck("[name='keep.0.lines'][value='1']");
        page.uncheck("[name=scope][value='refunds:read']");
        page.click("#narrow button.approve");

        assertThat(page.locator(".step .items li").first())
                .containsText("Refund 12.5 EUR on order 7781 refund amount 12.5 instead of 40,"
                        + " lines shoes, gloves instead of shoes, hat, gloves");
        assertThat(page.locator(".step .gone")).hasText("left out: See refunds");
        page.click("#do-approve");
        page.waitForURL("**/?voted=*");
        var granted = ((Approval.Approved) office.approval(id)).granted();
        assertThat(granted.details().canonical())
                .isEqualTo(
                        "[{\"amount\":12.5,\"lines\":[\"shoes\",\"gloves\"],\"order\":\"7781\",\"type\":\"refund\"}]");
        assertThat(granted.scopes().names()).containsExactly("refunds:write");

        page.navigate(office.url("/requests/" + id));
        assertThat(page.locator(".votes")).containsText("without See refunds, amount 12.5 instead of 40");
        assertThat(page.locator(".grant")).containsText("Refund 12.5 EUR on order 7781");
    }

    @Test
    void an_amount_is_lowered_without_script_on_a_phone() {
        var id = office.asks("refunds:write", REFUND, "Order 7781");
        var page = page(withoutScript());
        page.navigate(office.url("/requests/" + id));
        signIn(page, "ana");
        page.click("#narrow summary");
        page.fill("[name='lower.0.amount']", "1");
        page.click("#narrow button.approve");
        page.click("#do-approve");
        assertThat(page.locator("#said")).containsText("You approved");
        assertThat(((Approval.Approved) office.approval(id)).granted().details().canonical())
                .contains("\"amount\":1,");
    }

    @Test
    void what_widens_or_cannot_be_read_is_refused_and_says_why() {
        var id = office.asks("refunds:write", REFUND, "Order 7781");
        var page = signedIn("ana");
        var refused = page.locator(".notice.refused");
        for (var wrong : List.of(
                new String[] {
                    "40.01", "may only be left out or lowered: amount from 40 in “Refund 40 EUR on order 7781”"
                },
                new String[] {"-1", "cannot be lowered like that: /amount breaks exclusiveMinimum"},
                new String[] {"0", "cannot be lowered like that"},
                new String[] {"a lot", "The amount is not a number."})) {
            page.navigate(office.url("/requests/" + id));
            page.keyboard().press("n");
            // Whoever wants to can send anything.
            page.evaluate("document.querySelector(\"[name='lower.0.amount']\").type = 'text'");
            page.fill("[name='lower.0.amount']", wrong[0]);
            page.click("#narrow button.approve");
            assertThat(refused).containsText(wrong[1]);
        }
        page.keyboard().press("n");
        for (int at = 0; at < 3; at++) {
            page.uncheck("[name='keep.0.lines'][value='" + at + "']");
        }
        page.click("#narrow button.approve");
        assertThat(refused).containsText("Of lines nothing would be left");
        assertThat(office.approval(id)).isInstanceOf(Approval.Pending.class);
        assertThat(office.approval(id).heard()).isEmpty();
        assertThat(office.entriesOf(id)).contains("request.vote_refused").doesNotContain("request.voted");
    }

    @Test
    void a_picture_shows_when_in_the_week_tokens_were_used_and_this_was_asked() {
        var first = office.asks("refunds:write");
        office.says("ana", Vote.Word.APPROVE, first);
        office.collects(first);
        office.clock.advance(Duration.ofHours(3));
        var second = office.asks("refunds:read");
        var page = signedIn("ana");
        page.navigate(office.url("/requests/" + second));
        assertThat(page.locator(".habit svg"))
                .hasAttribute(
                        "aria-label",
                        "Tokens by weekday and hour, UTC. Most, 1, on Monday at 10:00. This request came on Monday at"
                                + " 13:00, where it had none.");
        assertThat(page.locator(".habit rect")).hasCount(168);
        assertThat(page.locator(".habit .l4")).hasCount(1);
        assertThat(page.locator(".habit rect.now")).hasCount(1);
    }

    @Test
    void times_are_in_one_form_with_and_without_script() {
        var id = office.asks("refunds:write");
        var page = signedIn("ana");
        for (var path : List.of("/requests/" + id, "/history")) {
            page.navigate(office.url(path));
            for (var time : page.locator("time:not([data-left])").allTextContents()) {
                assertThat(time).matches("\\d{1,2} [A-Z][a-z]{2} 2026, \\d{2}:\\d{2} UTC");
            }
        }
        assertThat(page.locator("footer")).containsText("Times are in UTC.");
    }

    @Test
    void everything_works_without_script_on_a_phone() {
        var id = office.asks("refunds:write");
        var page = page(withoutScript());
        page.navigate(office.url("/requests/" + id));
        signIn(page, "ana");
        assertThat(page.locator("h1")).containsText("refund a payment");
        assertThat(page.locator(".until time").first()).containsText("UTC");

        page.click("#do-approve");
        assertThat(page.locator(".over")).containsText("Second step");
        page.click("#do-approve");
        assertThat(page.locator("#said")).containsText("You approved");
        assertThat(office.approval(id)).isInstanceOf(Approval.Approved.class);

        var other = office.asks("payouts:read");
        page.navigate(office.url("/requests/" + other));
        page.click("#deny summary");
        page.click("#deny button.solid");
        assertThat(page.locator("#said")).containsText("You denied");
        page.navigate(office.url("/history"));
        assertThat(page.locator(".past .row")).hasCount(2);
    }

    @Test
    void words_of_a_client_stay_words() {
        var id = office.asks(
                "refunds:write",
                "[{\"amount\":1,\"order\":\"\\u202Eevil<img src=x onerror=alert(1)>\",\"type\":\"refund\"}]",
                "<script>alert(2)</script><b>Approved by security</b> \"' onmouseover=alert(3) " + "x".repeat(300));
        var page = signedIn("ana");
        for (var path : List.of("/", "/requests/" + id, "/history")) {
            page.navigate(office.url(path));
            assertThat(page.locator("main img, main script, main [onmouseover]"))
                    .hasCount(0);
            assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
                    .isLessThanOrEqualTo(1280);
        }
        page.navigate(office.url("/requests/" + id));
        assertThat(page.locator(".why blockquote"))
                .containsText("<script>alert(2)</script><b>Approved by security</b>");
        assertThat(page.locator(".grant")).containsText("⟨U+202E⟩evil<img src=x onerror=alert(1)>");
        assertThat(page.content()).doesNotContain("\u202E");
    }

    @Test
    void nothing_of_blocks_1_to_8_is_below_the_fold() {
        var first = office.asks("refunds:write");
        var page = signedIn("ana");
        page.navigate(office.url("/requests/" + first));
        assertThat(page.locator(".habit svg")).hasCount(0);
        office.says("bo", Vote.Word.APPROVE, first);
        office.collects(first);
        page.navigate(office.url("/requests/" + office.asks("refunds:read refunds:write", REFUND, "Order 7781")));
        assertThat(page.locator(".habit svg")).isVisible();
        Chromium.assertAboveTheFold(page, 720);
        assertThat(page.locator(".folded")).not().hasAttribute("open", "");
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "looks", "real-request.png")));
    }

    @Test
    void an_open_page_tells_when_somebody_else_decides() {
        var id = office.asks("refunds:write");
        var page = signedIn("ana");
        page.navigate(office.url("/requests/" + id));
        assertThat(page.locator("[data-live]")).hasText("live");

        office.says("bo", Vote.Word.DENY, id);
        assertThat(page.locator(".headline")).hasText("Denied");
        assertThat(page.locator("#decide")).hasCount(0);
        assertThat(page.locator("#said")).hasText("Denied");
    }

    @Test
    void a_vote_that_cannot_count_is_answered_with_the_reason() {
        var id = office.asks("payouts:read");
        var page = signedIn("dee");
        page.navigate(office.url("/requests/" + id));
        assertThat(page.locator("#decide")).hasCount(0);
        assertThat(page.locator(".you")).containsText("nobody approves their own request");

        assertThat(vote(page, id, "approve", "0")).contains("403", "nobody approves their own request");
        office.says("bo", Vote.Word.APPROVE, id);
        office.says("cy", Vote.Word.APPROVE, id);
        assertThat(vote(page, id, "deny", "2")).contains("409", "Your vote was not needed any more");
    }

    @Test
    void nobody_votes_twice_or_on_what_they_have_not_seen() {
        var id = office.asks("payouts:read");
        var page = signedIn("cy");
        office.says("bo", Vote.Word.APPROVE, id);
        assertThat(vote(page, id, "approve", "0")).contains("409", "Somebody voted while you were reading");

        var other = office.asks("payouts:read refunds:read");
        assertThat(vote(page, other, "approve", "0")).contains("200");
        assertThat(vote(page, other, "deny", "1")).contains("409", "that vote stands");
        assertThat(office.approval(other).heard()).hasSize(1);
    }

    /// Posts a vote as the page's form would; the status and the text of the answer.
    private String vote(Page page, String id, String word, String seen) {
        var form = FormData.create()
                .set("csrf", csrf(page))
                .set("vote", word)
                .set("seen", seen)
                .set("lifetime", "60")
                .set("scope", "payouts:read");
        var answer = context.request()
                .post(
                        office.url("/requests/" + id + "/votes"),
                        RequestOptions.create().setForm(form));
        return answer.status() + " " + answer.text();
    }

    private static String csrf(Page page) {
        return page.locator("form[action='/logout'] [name=csrf]").getAttribute("value");
    }

    @Test
    void a_form_from_elsewhere_does_nothing() {
        var id = office.asks("refunds:read");
        signedIn("ana");
        for (var token : List.of("", "forged")) {
            var form = FormData.create().set("csrf", token).set("vote", "deny");
            var answer = context.request()
                    .post(
                            office.url("/requests/" + id + "/votes"),
                            RequestOptions.create().setForm(form));
            assertThat(answer.status()).isEqualTo(403);
        }
        assertThat(office.approval(id).heard()).isEmpty();
    }

    @Test
    void whoever_is_not_signed_in_comes_back_to_where_they_wanted() {
        var id = office.asks("refunds:read");
        var page = page(context);
        page.navigate(office.url("/requests/" + id));
        page.fill("[name=user]", "ana");
        page.fill("[name=password]", "wrong");
        page.click("button:has-text('Sign in')");
        assertThat(page.locator("#wrong")).containsText("do not go together");

        signIn(page, "ana");
        assertThat(page.url()).endsWith("/requests/" + id);
        page.click("button:has-text('Sign out')");
        page.navigate(office.url("/login?next=//evil.example"));
        signIn(page, "ana");
        assertThat(page.url()).isEqualTo(office.url("/"));
    }

    @Test
    void an_administrator_freezes_in_two_steps_and_everybody_sees_it() {
        var page = signedIn("cy");
        page.navigate(office.url("/freeze"));
        page.check("[value=client]");
        page.fill("[name=reason]", "keys may have leaked");
        page.click("button:has-text('Freeze…')");
        assertThat(page.locator("#step-title")).hasText("Freeze Refund bot?");
        assertThat(office.store.read(office.freezes::standing)).isEmpty();
        page.click("button:has-text('Yes, freeze')");
        assertThat(page.locator(".frozen")).containsText("Frozen: Refund bot. “keys may have leaked” Cy Chen");

        for (var path : List.of("/", "/history", "/nowhere")) {
            page.navigate(office.url(path));
            assertThat(page.locator(".frozen")).isVisible();
        }
        page.navigate(office.url("/freeze"));
        page.click("button:has-text('Lift…')");
        page.click("button:has-text('Yes, lift it')");
        assertThat(page.locator(".frozen")).hasCount(0);
        assertThat(page.locator(".calm")).hasText("Nothing is frozen.");
    }

    @Test
    void an_open_page_shows_a_freeze_by_itself() {
        var page = signedIn("ana");
        assertThat(page.locator("[data-live]")).hasText("live");
        office.freezes.set(Freezes.Kind.RESOURCE, TestOffice.PAYMENTS, "drill", new Entry.Actor("operator", "test"));
        assertThat(page.locator(".frozen")).containsText("Frozen: Payments API. “drill” who runs the server");
    }

    @Test
    void who_is_no_administrator_sees_freezes_and_cannot_lift_them() {
        office.freezes.set(Freezes.Kind.ALL, "*", "drill", new Entry.Actor("operator", "test"));
        var page = signedIn("ana");
        page.navigate(office.url("/freeze"));
        assertThat(page.locator(".freezes")).containsText("All minting");
        assertThat(page.locator(".freezes button, form.sheet")).hasCount(0);

        var form = FormData.create()
                .set("csrf", csrf(page))
                .set("do", "lift")
                .set("kind", "all")
                .set("sure", "yes");
        assertThat(context.request()
                        .post(office.url("/freeze"), RequestOptions.create().setForm(form))
                        .status())
                .isEqualTo(403);
        assertThat(office.store.read(office.freezes::standing)).hasSize(1);
    }

    @Test
    void the_history_is_found_by_outcome_and_text() {
        var denied = office.asks("refunds:read");
        office.says("ana", Vote.Word.DENY, denied);
        office.clock.advance(Duration.ofSeconds(41));
        var approved = office.asks("refunds:write", "[]", "a very special order");
        office.clock.advance(Duration.ofSeconds(41));
        office.says("ana", Vote.Word.APPROVE, approved);

        var page = signedIn("bo");
        page.navigate(office.url("/history"));
        assertThat(page.locator(".past .row")).hasCount(2);
        assertThat(page.locator(".past .row").first()).containsText("after 41 seconds");
        page.selectOption("[name=state]", "denied");
        page.click("button:has-text('Show')");
        assertThat(page.locator(".past .row")).hasCount(1);
        page.navigate(office.url("/history?q=special"));
        assertThat(page.locator(".past .what")).containsText(new String[] {"wanted to refund a payment"});
        page.navigate(office.url("/history?q=nonsense"));
        assertThat(page.locator(".nothing")).containsText("Nothing matches.");
    }

    @Test
    void what_is_refused_at_once_is_listed_and_says_why_to_who_may_know() {
        office.says("bo", Vote.Word.DENY, office.asks("refunds:read"));
        office.refused("refunds:read", "Customer 4471 was charged twice"); // too soon
        var reference = office.refused("refunds:write", "let me in");
        office.asks("refunds:write");

        var page = signedIn("ana");
        page.navigate(office.url("/history"));
        page.click("text=Refused at once");
        assertThat(page.locator(".past .row")).hasCount(2);
        assertThat(page.locator(".past .row").first())
                .containsText("Refund bot wanted to refund a payment at Payments API for 2 minutes");
        assertThat(page.locator(".past .row").first()).containsText("it was asked for refunds:write before");
        assertThat(page.locator(".past .row").first()).containsText("never-twice");
        assertThat(page.locator(".past .row").last())
                .containsText("the same was denied or had expired a short while before");
        page.locator(".past .what").first().click();
        assertThat(page.locator("article")).containsText(reference);
        assertThat(page.locator("article")).containsText("are for auditors");
        assertThat(page.locator("article")).not().containsText("198.51.100.23");

        page.click("text=Sign out");
        signIn(page, "cy");
        page.navigate(office.url("/history/refused/" + reference));
        assertThat(page.locator("article")).containsText("198.51.100.23");
        assertThat(page.locator(".trace")).containsText("never-twice (deny) yes");
        assertThat(page.locator(".trace")).containsText("payouts-need-two (review) no");
        assertThat(page.locator("article .told").last()).containsText("usage.uses");
        assertThat(page.navigate(office.url("/history/refused/nothing")).status())
                .isEqualTo(404);
    }

    @Test
    void what_is_observed_only_is_listed_with_what_would_have_come_of_it() {
        office.refused("refunds:write", "let me in");
        var held = office.observed("refunds:write", "Customer 4471 was charged twice");
        office.clock.advance(Duration.ofSeconds(1));
        var denied = office.observed("refunds:write", "let me in");

        var page = signedIn("ana");
        page.navigate(office.url("/history"));
        page.click("text=Observed only");
        assertThat(page.locator(".past .row")).hasCount(2);
        assertThat(page.locator(".past .state")).hasText(new String[] {"denied", "held"});
        assertThat(page.locator(".past .row").first())
                .containsText("it would have been denied: it was asked for refunds:write before");
        assertThat(page.locator(".past .row").last())
                .containsText("people would have been asked: 1 of payments-oncall");
        assertThat(page.locator(".past .row").last())
                .containsText("Refund bot wanted to refund a payment at Payments API for 2 minutes");
        assertThat(page.locator(".observing")).containsText("Refund bot is observed only until 9 Jun 2026, 00:00 UTC");
        page.locator(".past .what").last().click();
        assertThat(page.locator("article")).containsText(held);
        assertThat(page.locator("article .verdict")).containsText("Observed only, and the token was issued: held");
        assertThat(page.locator("article .verdict")).containsText("someone-looks");
        page.navigate(office.url("/history/refused"));
        assertThat(page.locator(".past .row")).hasCount(1);
        assertThat(page.navigate(office.url("/history/refused/" + denied)).status())
                .isEqualTo(404);
        page.navigate(office.url("/history/observed?client=nobody"));
        assertThat(page.locator(".nothing")).containsText("Nothing here was observed only.");
        office.clock.advance(Duration.ofDays(8));
        page.navigate(office.url("/login"));
        signIn(page, "ana");
        page.navigate(office.url("/history/observed"));
        assertThat(page.locator(".past .row")).hasCount(2);
        assertThat(page.locator(".observing")).hasCount(0);
    }

    @Test
    void more_than_a_page_of_what_is_observed_only_goes_on_on_the_next() {
        for (int i = 0; i < 26; i++) {
            office.clock.advance(Duration.ofSeconds(1));
            office.observed("refunds:write", "let me in");
            office.observed("payouts:read", "x");
        }

        var page = signedIn("ana");
        page.navigate(office.url("/history/observed"));
        var seen = new HashSet<String>();
        for (int each : List.of(25, 25, 2)) {
            assertThat(page.locator(".past .row")).hasCount(each);
            page.locator(".past .what").all().forEach(it -> seen.add(it.getAttribute("href")));
            if (each == 25) {
                page.click("text=Older");
            }
        }
        assertThat(seen).hasSize(52);
        assertThat(page.locator("text=Older")).hasCount(0);
    }

    @Test
    void a_client_is_reached_by_keys_and_its_days_stand_in_a_table_too() {
        var id = office.asks("refunds:write");
        office.says("bo", Vote.Word.APPROVE, id);
        office.collects(id);
        office.refused("payouts:read", "let me in");
        var page = signedIn("ana");

        page.keyboard().type("gc");
        assertThat(page.locator("h1")).hasText("Clients");
        assertThat(page.locator(".clients .row")).hasCount(1);
        assertThat(page.locator(".clients .row")).containsText("people asked 1, refused 1");
        page.click(".clients .what");
        assertThat(page.locator("h1")).hasText("Refund bot");
        page.click("text=As a table");
        assertThat(page.locator(".pane table").first().locator("tbody tr")).hasCount(1);
        assertThat(page.locator(".pane table").first()).containsText("1 Jun 2026");
        assertThat(page.locator("text=Freeze it")).hasCount(0);
        page.click("text=Refused at once");
        assertThat(page.locator(".past .row")).hasCount(1);
    }

    @Test
    void rules_are_read_in_words_and_as_they_are_written() {
        office.asks("refunds:write");
        var page = signedIn("ana");

        page.keyboard().type("gp");
        assertThat(page.locator("h1")).hasText("Policy");
        assertThat(page.locator(".rules .row")).hasCount(3);
        assertThat(page.locator(".rules .row").first()).containsText("its reason is let me in: it is refused");
        assertThat(page.locator(".rules .row").nth(1)).containsText("settled nothing in 30 days");
        assertThat(page.locator(".rules .row").nth(2)).containsText("Always: 1 of payments-oncall must approve");
        assertThat(page.locator(".rules .row").nth(2)).containsText("people asked 1");
        assertThat(page.locator(".rules pre").first()).isHidden();
        page.click(".rules summary >> nth=0");
        assertThat(page.locator(".rules pre").first()).hasText("reason == \"let me in\"");
        assertThat(page.locator("input[name=ref]")).hasCount(0);
    }

    @Test
    void a_page_weighs_little_and_asks_nobody_else() {
        var page = signedIn("ana");
        var asked = new ArrayList<String>();
        page.onRequest(request -> asked.add(request.url()));
        page.navigate(office.url("/history"));
        page.waitForLoadState();
        assertThat(asked).isNotEmpty().allMatch(it -> it.startsWith(office.url("/")));
        var weight = (Number) page.evaluate(
                "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
                        + ".reduce((sum, it) => sum + it.encodedBodySize, 0)");
        assertThat(weight.intValue()).isBetween(1_000, 100_000);
    }
}

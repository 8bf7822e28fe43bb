package dev.countersign.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Vote;
import dev.countersign.oauth.Risk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The queue, narrowed, and several requests decided at once, in a real browser.
final class QueueTest extends BrowserTest {
    private Page signedIn(String user, String path) {
        var page = page(context);
        page.navigate(office.url(path));
        signIn(page, user);
        return page;
    }

    private static List<String> rows(Page page) {
        return page.locator(".row[data-id]").all().stream()
                .map(it -> it.getAttribute("data-id"))
                .toList();
    }

    /// The same with those that ask for the same, in their order.
    private static List<String> listed(Page page) {
        return page.locator(".row[data-id] .what, .row[data-id] .alike a").all().stream()
                .map(it -> it.getAttribute("href").replaceAll(".*/requests/([^?#]*).*", "$1"))
                .toList();
    }

    private String low(int network) {
        return office.asks("refunds:read", "[]", "nightly", "203.0." + network + ".9");
    }

    @Test
    void what_is_narrowed_stays_so_through_updates_a_vote_and_going_back() {
        low(1);
        var high = office.asks("refunds:write");
        var page = signedIn("ana", "/?risk=high");
        assertThat(page.locator(".row[data-id]")).hasCount(1);
        assertThat(page.locator("p.unlisted")).hasText("1 more waits for you and is not shown here.");
        assertThat(page).hasTitle("(2) Queue · Countersign");
        assertThat(page.locator("[data-live]")).hasText("live");

        low(2);
        assertThat(page).hasTitle("(3) Queue · Countersign");
        assertThat(page.locator("p.unlisted")).hasText("2 more wait for you and are not shown here.");
        assertThat(rows(page)).containsExactly(high);

        page.locator(".what").click();
        assertThat(page).hasURL(office.url("/requests/" + high + "?queue=risk%3Dhigh"));
        page.goBack();
        assertThat(page).hasURL(office.url("/?risk=high"));
        assertThat(page.locator("select[name=risk]")).hasValue("high");
        page.locator(".what").click();
        page.locator("#deny summary").click();
        page.locator("#deny button.solid").click();
        assertThat(page).hasURL(office.url("/?risk=high&voted=" + high));
        assertThat(page.locator("#said")).containsText("You denied: Refund bot wants to refund a payment");
        assertThat(page.locator(".nothing")).containsText("Nothing that waits matches.");
    }

    @Test
    void each_filter_lets_through_what_it_names_and_no_more() {
        var read = low(1);
        var write = office.asks("refunds:write", "[]", "Order <7781>", "203.0.2.9");
        var others = office.asks("payouts:read", "[]", "month end", "203.0.3.9");
        var page = signedIn("cy", "/");
        assertThat(rows(page)).containsExactly(others, write, read);
        page.navigate(office.url("/requests/" + others));
        page.locator(".claim button").click();
        assertThat(page.locator(".claimed")).hasText("You look into it; others see that.");

        assertNarrowed(page, "risk=medium", others, write);
        assertNarrowed(page, "mine=1", others);
        assertNarrowed(page, "group=security", others);
        assertNarrowed(page, "group=payments-oncall", others, write, read);
        assertNarrowed(page, "claimed=me", others);
        assertNarrowed(page, "claimed=nobody", write, read);
        assertNarrowed(page, "q=ORDER+%3C77", write);
        assertNarrowed(page, "q=see+refunds", read);
        assertNarrowed(page, "client=refund-bot", others, write, read);
        assertNarrowed(page, "client=gone-bot");
        assertNarrowed(page, "resource=" + TestOffice.PAYMENTS, others, write, read);
        assertNarrowed(page, "resource=https://gone.example.com");
        assertThat(page.locator("select[name=resource]")).hasValue("https://gone.example.com");
        assertThat(page.locator(".filters .chip")).hasText("https://gone.example.com");
        assertNarrowed(page, "risk=nonsense", others, write, read);
    }

    private void assertNarrowed(Page page, String query, String... ids) {
        page.navigate(office.url("/?" + query));
        assertThat(rows(page)).as(query).containsExactly(ids);
    }

    @Test
    void of_many_that_wait_the_most_urgent_are_first_and_all_are_on_some_page() {
        office.letsWait(300);
        var all = new LinkedHashSet<String>();
        for (int i = 0; i < 85; i++) {
            office.clock.advance(Duration.ofMillis(1));
            all.add(office.asksFor(Duration.ofSeconds(60 + i), "refunds:read"));
        }
        all.addFirst(office.asks("refunds:write"));
        var page = signedIn("ana", "/");
        assertThat(page.locator("p.unlisted")).hasText("86 wait in all; here are the most urgent.");
        assertThat(listed(page))
                .containsExactlyElementsOf(all.stream().limit(40).toList());
        page.locator(".what").last().focus();
        page.keyboard().press("j");
        assertThat(page.locator("#more-yours")).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.locator("p.unlisted")).containsText("here are more of them.");
        var second = all.stream().skip(40).limit(40).toList();
        assertThat(listed(page)).containsExactlyElementsOf(second);

        office.asks("refunds:write", "[]", "more urgent than all here", "203.1.1.9");
        assertThat(page.locator("p.unlisted")).containsText("87 wait in all");
        assertThat(listed(page)).as("nothing moved").containsExactlyElementsOf(second);
        page.locator("#more-yours").click();
        assertThat(page.locator("#more-yours")).hasCount(0);
        assertThat(listed(page)).containsExactlyElementsOf(all.stream().skip(80).toList());
        page.goBack();
        assertThat(page.locator("#more-yours")).hasCount(1);
        assertThat(listed(page)).containsExactlyElementsOf(second);
        page.locator("p.unlisted a").click();
        assertThat(page).hasURL(office.url("/"));
    }

    @Test
    void what_waits_for_others_goes_on_behind_what_is_for_oneself() {
        office.letsWait(300);
        var others = new ArrayList<String>();
        for (int i = 0; i < 45; i++) {
            office.clock.advance(Duration.ofMillis(1));
            var refund = "[{\"type\":\"refund\",\"amount\":%d,\"order\":\"A-1\"}]".formatted(i + 1);
            others.add(office.asks("refunds:read", refund, "Customer 4471 was charged twice, see the chat"));
        }
        var page = signedIn("dee", "/");
        assertThat(rows(page)).containsExactlyElementsOf(others.subList(0, 40));
        assertThat(page.content().length()).isLessThan(80_000);
        page.locator("#more-others").click();
        assertThat(rows(page)).containsExactlyElementsOf(others.subList(40, 45));
        assertThat(page.locator("#filters")).not().hasAttribute("open", "");
    }

    @Test
    void the_form_narrows_with_the_keyboard_alone() {
        low(1);
        var write = office.asks("refunds:write");
        var page = signedIn("ana", "/");
        page.keyboard().press("/");
        assertThat(page.locator("#search")).isFocused();
        page.keyboard().type("twice");
        page.keyboard().press("Enter");
        assertThat(page.locator(".filters .chip")).hasText("“twice”");
        assertThat(rows(page)).containsExactly(write);
    }

    @Test
    void several_are_approved_with_the_keyboard_and_each_is_told() {
        var one = low(1);
        var other = low(2);
        office.asks("refunds:write");
        var page = signedIn("ana", "/");
        page.keyboard().press("j");
        page.keyboard().press("x");
        assertThat(page.locator("#batch")).isHidden();
        assertThat(page.locator("#heard")).hasText("This is decided on its own page");
        page.keyboard().press("j");
        page.keyboard().press("x");
        assertThat(page.locator("[data-picked]")).hasText("2 selected");
        page.keyboard().press("a");
        assertThat(page.locator("#batch [name=comment]")).isFocused();
        page.keyboard().type("the nightly run");
        page.keyboard().press("Enter"); // which would press one of two, so it presses none
        page.keyboard().press("Tab");
        assertThat(page.locator("#batch-approve")).isFocused();
        page.keyboard().press("Enter");

        assertThat(page.locator("h1")).hasText("You approved 2 of 2");
        assertThat(page.locator(".outcome.done")).hasText(new String[] {
            "You approved it. Approved, waits to be collected.", "You approved it. Approved, waits to be collected."
        });
        for (var id : List.of(one, other)) {
            assertThat(office.approval(id)).isInstanceOf(Approval.Approved.class);
            assertThat(office.approval(id).heard().getFirst().comment()).isEqualTo("the nightly run");
            assertThat(office.entriesOf(id)).endsWith("request.voted", "request.decided");
        }
        page.keyboard().press("Escape");
        assertThat(page).hasURL(office.url("/"));
    }

    @Test
    void what_is_selected_stays_so_until_it_changes() {
        var one = low(1);
        var page = signedIn("ana", "/");
        assertThat(page.locator("[data-live]")).hasText("live");
        page.locator(".pick input").first().check();
        page.fill("#batch [name=comment]", "the nightly run");
        low(2);
        assertThat(page.locator(".pick input")).hasCount(2);
        assertThat(page.locator("[data-picked]")).hasText("1 selected");
        assertThat(page.locator("#batch [name=comment]")).hasValue("the nightly run");

        office.says("bo", Vote.Word.DENY, one);
        assertThat(page.locator(".pick input")).hasCount(1);
        assertThat(page.locator("#batch")).isHidden();
        assertThat(page.locator("#heard")).containsText("1 of what was selected changed and is selected no more");
    }

    /// Posts the picks as a form would, and says what the page that answers shows.
    private static String posted(Page page, String vote, String comment, List<String> picks) {
        return page.evaluate("""
                async ([vote, comment, picks]) => {
                  const body = new URLSearchParams({ csrf: document.querySelector('[name=csrf]').value, vote, comment });
                  for (const pick of picks) body.append('pick', pick);
                  const reply = await fetch('/decisions', { method: 'POST', body });
                  const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
                  return [reply.status, ...[...page.querySelectorAll('h1, .notice, .outcome')].map(it => it.textContent)]
                      .join('\\n');
                }""", List.of(vote, comment, picks)).toString();
    }

    private String pick(String id) {
        return id + ":"
                + office.store
                        .read(tx -> office.approvals.find(tx, id))
                        .orElseThrow()
                        .lastLeaf();
    }

    @Test
    void nothing_is_done_when_one_of_them_may_not_be_decided_so() {
        var good = low(1);
        var high = office.asks("refunds:write");
        var page = signedIn("ana", "/");

        assertThat(posted(page, "approve", "why not", List.of(pick(good), pick(high))))
                .startsWith("409\nNothing was done\n")
                .endsWith("\nIt could be decided.\nIts risk is high: decide it on its own page.");
        try (var other = Chromium.browser().newContext()) {
            var theirs = page(other);
            theirs.navigate(office.url("/"));
            signIn(theirs, "cy");
            assertThat(theirs.locator(".pick")).hasCount(0);
            assertThat(posted(theirs, "deny", "why not", List.of(pick(good))))
                    .startsWith("409")
                    .contains("You may not decide it: this request is for members of payments-oncall");
        }
        assertThat(posted(page, "approve", "why not", List.of(pick(good), good + ":elsewhere")))
                .endsWith("It could be decided.\nIt changed since it was shown. Look at it again.");
        assertThat(posted(page, "approve", "why not", List.of(pick(good), "nothing")))
                .endsWith("It could be decided.\nThere is no such request.");
        assertThat(posted(page, "approve", " ", List.of(pick(good))))
                .startsWith("422")
                .contains("Give the reason");
        assertThat(posted(page, "approve", "why not", List.of()))
                .startsWith("422")
                .contains("Select at least one");
        assertThat(posted(
                        page,
                        "approve",
                        "why not",
                        IntStream.range(0, 51).mapToObj(it -> "id" + it).toList()))
                .startsWith("422")
                .contains("Select at most 50");
        assertThat(office.approval(good).heard()).isEmpty();

        office.says("bo", Vote.Word.DENY, good);
        assertThat(posted(page, "approve", "why not", List.of(pick(good)))).endsWith("Denied.");
    }

    @Test
    void what_is_signed_is_not_decided_together() {
        office.signsFrom(Risk.LOW);
        var signed = low(1);
        var page = signedIn("ana", "/");
        assertThat(page.locator(".row[data-id]")).hasCount(1);
        assertThat(page.locator(".pick")).hasCount(0);
        assertThat(posted(page, "deny", "why not", List.of(pick(signed))))
                .startsWith("409")
                .endsWith("It needs a signed vote: decide it on its own page.");
        assertThat(office.approval(signed).heard()).isEmpty();
    }

    @Test
    void who_has_to_sign_in_once_more_decides_nothing_together() {
        office.stepsUpFrom(Risk.LOW, Duration.ofMinutes(10));
        var page = signedIn("ana", "/");
        office.clock.advance(Duration.ofMinutes(11));
        var id = low(1);
        assertThat(posted(page, "approve", "why not", List.of(pick(id))))
                .startsWith("409")
                .endsWith("It needs you to prove first that it is you: decide it on its own page.");
        assertThat(office.approval(id).heard()).isEmpty();
        assertThat(posted(page, "deny", "not tonight", List.of(pick(id)))).startsWith("200\nYou denied 1 of 1");
    }

    @Test
    void when_the_store_fails_on_the_way_the_page_says_how_far_it_came() {
        var one = low(1);
        var two = low(2);
        var three = low(3);
        office.store.write(tx -> tx.sql()
                .execute("CREATE TRIGGER full BEFORE INSERT ON vote WHEN NEW.approval_id = '" + two
                        + "' BEGIN SELECT RAISE(ABORT, 'disk full'); END"));
        var page = signedIn("ana", "/");
        assertThat(posted(page, "deny", "not tonight", List.of(pick(one), pick(two), pick(three))))
                .isEqualTo("""
                        200
                        You denied 1 of 3
                        Not all of your votes were cast.
                        You denied it. Denied.
                        Something failed here: open it to see whether your vote counts.
                        It was not tried.""");
        assertThat(office.approval(two).heard()).isEmpty();
        assertThat(office.approval(three).heard()).isEmpty();
    }

    private static final String RECORDED = """
            window.notes = [];
            Object.defineProperty(document, 'hidden', { get: () => true });
            window.Notification = class {
              static permission = 'default';
              static async requestPermission() { return this.permission = 'granted'; }
              constructor(title, options) { window.notes.push(title + '|' + options.body); }
            };""";

    @Test
    void who_turns_it_on_is_notified_of_the_client_and_the_risk_alone() {
        var page = page(context);
        page.addInitScript(RECORDED);
        page.navigate(office.url("/"));
        signIn(page, "cy");
        assertThat(page.locator("[data-live]")).hasText("live");
        office.asks("payouts:read", "[]", "month end", "203.0.1.9");
        assertThat(page.locator(".row[data-id]")).hasCount(1);
        assertThat((List<?>) page.evaluate("notes")).isEmpty();

        page.click("[data-notify] button");
        assertThat(page.locator("[data-notify] button")).hasText("Notify me no more");
        office.asks("refunds:write"); // not theirs
        office.asks("payouts:read", "[]", "month end", "203.0.3.9");
        assertThat(page.locator(".row[data-id]")).hasCount(2);
        assertThat(page.locator(".alike a")).hasCount(1);
        assertThat(page.evaluate("notes")).isEqualTo(List.of("Refund bot asks|medium risk, yours to decide"));

        page.click("[data-notify] button");
        office.asks("payouts:read", "[]", "month end", "203.0.4.9");
        assertThat(page.locator(".alike a")).hasCount(2);
        assertThat((List<?>) page.evaluate("notes")).hasSize(1);
    }

    @Test
    void who_may_not_be_notified_is_told_why() {
        var page = page(context);
        page.addInitScript(RECORDED.replace("'default'", "'denied'"));
        page.navigate(office.url("/"));
        signIn(page, "ana");
        assertThat(page.locator("[data-notify] button")).isHidden();
        assertThat(page.locator("#notify-said")).containsText("Your browser keeps this site from notifying you.");
    }

    @Test
    void a_connection_that_comes_back_at_once_is_not_shown_to_be_gone() {
        var page = page(context);
        page.clock().install();
        page.navigate(office.url("/"));
        signIn(page, "ana");
        var lamp = page.locator("[data-live]");
        assertThat(lamp).hasText("live");
        page.evaluate("""
                () => {
                  window.shown = [];
                  new MutationObserver(() => shown.push(document.querySelector('[data-live]').textContent))
                      .observe(document.querySelector('[data-live]'), { childList: true });
                  document.dispatchEvent(new Event('htmx:sseError'));
                }""");
        page.clock().runFor(1_000);
        page.evaluate("document.dispatchEvent(new Event('htmx:sseOpen'))");
        page.clock().runFor(10_000);
        assertThat((List<?>) page.evaluate("shown")).isEmpty();

        page.evaluate("document.dispatchEvent(new Event('htmx:sseError'))");
        page.clock().runFor(3_000);
        assertThat(lamp).hasText("reconnecting");
        page.evaluate("document.dispatchEvent(new Event('htmx:sseOpen'))");
        assertThat(lamp).hasText("live");

        context.setOffline(true);
        assertThat(lamp).hasText("offline");
        context.setOffline(false);
        assertThat(lamp).hasText("live");
    }
}

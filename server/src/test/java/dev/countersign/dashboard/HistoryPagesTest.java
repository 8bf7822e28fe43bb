package dev.countersign.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.countersign.approval.Vote;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is looked for in the past, in a real browser.
final class HistoryPagesTest extends BrowserTest {
    private Page signedIn(String user, String path) {
        var page = page(context);
        page.navigate(office.url(path));
        signIn(page, user);
        return page;
    }

    private List<String> found(Page page, String query) {
        page.navigate(office.url("/history?" + query));
        return page.locator(".past .what").all().stream()
                .map(it -> it.getAttribute("id").substring(2))
                .toList();
    }

    private String asked(String scopes, String network) {
        return office.asks(scopes, "[]", "Order 77" + network, "203.0." + network + ".9");
    }

    @Test
    void each_filter_finds_what_it_names_and_no_more_and_so_do_exports() {
        var denied = asked("refunds:write", "1");
        office.clock.advance(Duration.ofSeconds(41));
        office.says("ana", Vote.Word.DENY, denied);
        var approved = asked("refunds:read", "2");
        office.says("bo", Vote.Word.APPROVE, approved);
        var other = asked("payouts:read", "3");
        office.says("ana", Vote.Word.APPROVE, other);
        office.says("cy", Vote.Word.APPROVE, other);
        var page = signedIn("ana", "/history");

        assertThat(page.locator(".past .row").last()).containsText("after 41 seconds");
        assertThat(found(page, "")).containsExactly(other, approved, denied);
        assertThat(found(page, "state=denied")).containsExactly(denied);
        assertThat(found(page, "voter=" + office.person("bo").id())).containsExactly(approved);
        assertThat(found(page, "voter=" + office.person("bo").id() + "&state=denied"))
                .isEmpty();
        assertThat(found(page, "rule=payouts-need-two")).containsExactly(other);
        assertThat(found(page, "rule=payouts-need")).isEmpty();
        assertThat(found(page, "resource=" + TestOffice.PAYMENTS)).containsExactly(other, approved, denied);
        assertThat(found(page, "resource=https://gone.example.com")).isEmpty();
        assertThat(found(page, "client=refund-bot&resource=" + TestOffice.PAYMENTS))
                .hasSize(3);
        assertThat(found(page, "q=ORDER+772")).containsExactly(approved);
        assertThat(found(page, "q=order%25")).isEmpty();
        assertThat(found(page, "from=nonsense&to=2026-06-31")).hasSize(3);

        var today = LocalDate.now(ZoneOffset.UTC); // ids tell when they were made, by the system's clock
        assertThat(found(page, "from=" + today.minusDays(1) + "&to=" + today.plusDays(1)))
                .hasSize(3);
        assertThat(found(page, "from=" + today.plusDays(2))).isEmpty();
        assertThat(found(page, "to=" + today.minusDays(2))).isEmpty();

        found(page, "rule=payouts-need-two&state=approved");
        assertThat(page.locator("select[name=rule]")).hasValue("payouts-need-two");
        assertThat(page.evaluate("""
                        async () => (await (await fetch(document.querySelector('a[href^="/history.json"]').href)).json())
                            .items.map(it => it.id).join()""")).isEqualTo(other);
        assertThat(page.evaluate("""
                        async () => {
                            const told = [];
                            for (let url = '/history.json?limit=2'; url; ) {
                                const answer = await fetch(url);
                                const json = await answer.json();
                                told.push(json.items.map(it => it.id).join());
                                url = (answer.headers.get('Link') ?? '').match(/^<(.*)>; rel="next"$/)?.[1]
                                    ?.concat('&limit=2');
                                told.push(json.next ?? 'end', url === undefined ? 'end' : 'more');
                            }
                            return told.join(' ');
                        }"""))
                .isEqualTo("%s,%s %s more %s end end".formatted(other, approved, approved, denied));
    }

    @Test
    void the_form_keeps_what_is_looked_for_in_the_url_and_going_back_finds_it_again() {
        var denied = asked("refunds:write", "1");
        office.says("ana", Vote.Word.DENY, denied);
        var page = signedIn("ana", "/history");
        page.selectOption("[name=state]", "denied");
        page.selectOption("[name=voter]", office.person("ana").id().value());
        page.fill("[name=q]", "order");
        page.click("form.filter button");
        assertThat(page.locator(".past .row")).hasCount(1);
        page.locator(".what").click();
        assertThat(page.locator(".headline")).containsText("Denied");
        page.goBack();
        assertThat(page.locator("[name=q]")).hasValue("order");
        assertThat(page.locator("[name=voter]"))
                .hasValue(office.person("ana").id().value());
        assertThat(page.locator(".past .row")).hasCount(1);
    }

    @Test
    void all_pages_together_have_each_request_once() {
        for (int n = 0; n < 27; n++) {
            office.says("ana", Vote.Word.DENY, office.asks("refunds:read", "[]", "page", "10." + n + ".0.1"));
            office.clock.advance(Duration.ofMinutes(11));
        }
        var page =
                signedIn("ana", "/history?q=page&voter=" + office.person("ana").id());
        assertThat(page.locator(".past .row")).hasCount(25);
        page.locator(".pager a").click();
        assertThat(page.locator(".past .row")).hasCount(2);
        assertThat(page.locator(".pager")).hasCount(0);
        assertThat(page.locator("[name=q]")).hasValue("page");
    }
}

package dev.countersign.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.countersign.approval.Vote;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Resources, groups and people, in a real browser.
final class CrowdPagesTest extends BrowserTest {
    private Page signedIn(String user, String path) {
        var page = page(context);
        page.navigate(office.url(path));
        signIn(page, user);
        return page;
    }

    @Test
    void a_resource_says_what_may_be_asked_of_it_by_whom_and_what_became_of_it() {
        var denied = office.asks("refunds:write");
        office.says("ana", Vote.Word.DENY, denied);
        office.asks("refunds:read");
        var page = signedIn("ana", "/resources");
        assertThat(page.locator(".row")).containsText("3 scopes, 1 client");
        page.locator(".what").click();
        assertThat(page.locator("h1")).hasText("Payments API");
        assertThat(page.locator("[aria-labelledby=h-scopes] tbody tr")).hasCount(4);
        assertThat(page.locator("[aria-labelledby=h-scopes]"))
                .containsText("Money leaves the account; undone by: Reversal within a day");
        assertThat(page.locator("[aria-labelledby=h-clients]"))
                .containsText("payouts:read refunds:read refunds:write details refund");
        assertThat(page.locator("[aria-labelledby=h-became] li")).hasText("1 denied");
        assertThat(page.locator("[aria-labelledby=h-rules] dt"))
                .hasText(new String[] {"never-twice", "payouts-need-two", "someone-looks"});
        page.click("[aria-labelledby=h-became] a");
        assertThat(page.locator("select[name=resource]")).hasValue(TestOffice.PAYMENTS);
        assertThat(page.locator(".past .row")).hasCount(1);
        assertThat(page.navigate(office.url("/resources/one?id=nothing")).status())
                .isEqualTo(404);
    }

    @Test
    void a_group_says_who_belongs_to_it_who_says_so_and_which_rules_ask_it() {
        office.asks("payouts:read");
        var page = signedIn("ana", "/groups");
        assertThat(page.locator(".plainly .what").allInnerTexts())
                .containsExactly("administrators", "payments-dev", "payments-oncall", "security");
        assertThat(page.locator(".plainly .row").nth(1)).containsText("answers for Refund bot");
        page.locator(".what").last().click();
        assertThat(page.locator("[aria-labelledby=h-members] tbody tr")).hasCount(1);
        assertThat(page.locator("[aria-labelledby=h-members]")).containsText("Cy Chen");
        assertThat(page.locator("[aria-labelledby=h-members]")).containsText("the configuration");
        assertThat(page.locator("[aria-labelledby=h-asked] li")).hasText("payouts-need-two");
        page.click("[aria-labelledby=h-asked] a >> nth=0");
        assertThat(page.locator("select[name=group]")).hasValue("security");
        assertThat(page.locator(".row[data-id]")).hasCount(1);
        assertThat(page.navigate(office.url("/groups/one?name=nothing")).status())
                .isEqualTo(404);
    }

    @Test
    void a_person_shows_their_groups_and_only_to_administrators_when_they_signed_in() {
        var bo = "/people/" + office.person("bo").id();
        var page = signedIn("ana", "/people?q=BERG");
        assertThat(page.locator(".plainly .what").allInnerTexts()).containsExactly("Bo Berg");
        page.locator(".what").click();
        assertThat(page).hasURL(office.url(bo));
        assertThat(page.locator("[aria-labelledby=h-groups] tbody")).containsText("payments-oncall");
        assertThat(page.locator("dl.told dt").allInnerTexts()).isEqualTo(List.of("Passkeys"));
        office.absences.say(
                office.person("bo").id(),
                "2026-06-01T10:00",
                "2026-06-03T00:00",
                "UTC",
                Optional.of(office.person("ana").id()));
        page.reload();
        assertThat(page.locator("dl.told")).containsText("until 3 Jun 2026, 00:00 UTC; Ana Lima stands in");
        assertThat(page.navigate(office.url("/people/nobody")).status()).isEqualTo(404);
        page.navigate(office.url("/people?q=nobody+at+all"));
        assertThat(page.locator(".nothing")).hasText("Nobody is called that.");

        try (var other = Chromium.browser().newContext()) {
            var admins = page(other);
            admins.navigate(office.url(bo));
            signIn(admins, "cy");
            assertThat(admins.locator("dl.told")).containsText("not in the last 30 days");
            admins.navigate(office.url("/people/" + office.person("ana").id()));
            assertThat(admins.locator("dl.told")).containsText("1 Jun 2026, 10:00 UTC");
        }
    }
}

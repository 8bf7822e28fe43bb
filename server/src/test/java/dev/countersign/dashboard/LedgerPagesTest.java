package dev.countersign.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.countersign.approval.Vote;
import dev.countersign.ledger.Receipt;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The ledger as auditors look at it, in a real browser.
final class LedgerPagesTest extends BrowserTest {
    private Page signedIn(String user, String path) {
        var page = page(context);
        page.navigate(office.url(path));
        signIn(page, user);
        return page;
    }

    @Test
    void who_may_not_audit_sees_no_ledger_and_no_way_to_it() {
        office.asks("refunds:read");
        var page = signedIn("ana", "/");
        assertThat(page.locator("nav a[href='/ledger']")).hasCount(0);
        for (var path : List.of("/ledger", "/ledger/0", "/ledger/check")) {
            assertThat(page.navigate(office.url(path)).status()).as(path).isEqualTo(403);
        }
        assertThat(page.locator("h1")).hasText("Not allowed");
        var refused = page.evaluate("""
                async () => (await fetch('/ledger/verify', { method: 'POST',
                    body: new URLSearchParams({ csrf: document.querySelector('[name=csrf]').value }) })).status""");
        assertThat(refused).isEqualTo(403);
    }

    @Test
    void entries_are_sentences_and_are_found_by_what_they_are_who_did_them_and_when() {
        var id = office.asks("refunds:write");
        office.says("bo", Vote.Word.DENY, id);
        var page = signedIn("cy", "/ledger");
        assertThat(page.locator("nav [aria-current]")).hasText("Ledger");
        assertThat(page.locator(".entries")).containsText("Refund bot asked for refunds:write at Payments API.");
        assertThat(page.locator(".entries")).containsText("Policy put it before people, by someone-looks.");

        assertFound(page, "code=request.voted", "Bo Berg denied it on the dashboard.");
        assertFound(
                page,
                "person=" + office.person("bo").id() + "&code=request.voted",
                "Bo Berg denied it on the dashboard.");
        assertFound(page, "person=" + office.person("ana").id());
        assertFound(page, "code=request.decided&from=2026-06-01&to=2026-06-01", "It was denied.");
        assertFound(page, "code=request.decided&to=2026-05-31");
        assertFound(page, "code=request.decided&from=2026-06-02");
        assertFound(page, "ref=nothing-of-that-name");
        page.navigate(office.url("/ledger?ref=" + id));
        assertThat(page.locator(".entries .row")).hasCount(office.entries(id).size());

        page.locator("[name=ref]").fill("0");
        page.locator("[name=ref]").press("Enter");
        assertThat(page.locator(".entries .what")).hasText("The ledger was begun.");
    }

    private void assertFound(Page page, String query, String... sentences) {
        page.navigate(office.url("/ledger?" + query));
        assertThat(page.locator(".entries .what").allInnerTexts()).as(query).containsExactly(sentences);
    }

    @Test
    void an_entry_shows_what_is_disclosed_and_a_proof_that_holds() {
        var id = office.asks("refunds:write", "[]", "<b>Customer 4471</b>", "198.51.100.23");
        var made = office.entries(id).getFirst();
        var page = signedIn("cy", "/ledger/" + made.index());
        assertThat(page.locator("h1")).hasText("Refund bot asked for refunds:write at Payments API.");
        assertThat(page.locator("[aria-labelledby=h-disclosed]")).containsText("<b>Customer 4471</b>");
        assertThat(page.locator("[aria-labelledby=h-proof]")).containsText("Its hash leads to the signed root.");
        var receipt = page.evaluate("async () => (await fetch(document.querySelector('[download]').href)).text()");
        assertThat(Receipt.parse(receipt.toString()).verifies(office.ledger.keys()))
                .isTrue();

        assertThat(page.navigate(office.url("/ledger/999999")).status()).isEqualTo(404);
        assertThat(page.navigate(office.url("/ledger/x")).status()).isEqualTo(404);
    }

    @Test
    void a_check_goes_on_behind_the_page_and_says_what_it_looked_at() {
        office.asks("refunds:write");
        office.ledger.checkpoint();
        var page = signedIn("cy", "/ledger");
        assertThat(page.locator("#check")).containsText("believes the server");
        page.click("#check button");
        var check = page.locator("#check");
        assertThat(check).containsText("All is as it was signed.");
        assertThat(check).containsText("entries is signed by the ledger's key.");
        assertThat(check).containsText("It took ");
        assertThat(check.locator("button")).isEnabled();
    }

    @Test
    void a_check_names_the_entry_that_was_changed() {
        office.asks("refunds:write");
        office.ledger.checkpoint();
        office.store.write(tx -> {
            tx.sql().execute("DROP TRIGGER ledger_entry_stays");
            return tx.sql().execute("UPDATE ledger_entry SET leaf = x'00' WHERE leaf_index = 1");
        });
        var page = signedIn("cy", "/ledger");
        assertThat(page.locator(".notice")).containsText("An entry here cannot be read");
        page.click("#check button");
        assertThat(page.locator("#check")).containsText("Not all is well.");
        assertThat(page.locator("#check")).containsText("Entry 1 is NOT under it");
    }
}

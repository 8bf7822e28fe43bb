package dev.countersign.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Approvals;
import dev.countersign.approval.Enrolment;
import dev.countersign.approval.Vote;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Member;
import dev.countersign.oauth.Risk;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A reviewer enrols a passkey and signs with it, in a real browser with an authenticator that is none.
final class PasskeyPagesTest extends BrowserTest {
    private @Nullable CDPSession browser;
    private String authenticator = "";

    private Page signedIn(String user) {
        var page = page(context);
        plugIn(page);
        page.navigate(office.url("/"));
        signIn(page, user);
        return page;
    }

    private void plugIn(Page page) {
        var session = context.newCDPSession(page);
        browser = session;
        session.send("WebAuthn.enable");
        var options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("transport", "internal");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", true);
        var added = new JsonObject();
        added.add("options", options);
        authenticator = session.send("WebAuthn.addVirtualAuthenticator", added)
                .get("authenticatorId")
                .getAsString();
    }

    private void knowsItsHolder(boolean verified) {
        var said = new JsonObject();
        said.addProperty("authenticatorId", authenticator);
        said.addProperty("isUserVerified", verified);
        Objects.requireNonNull(browser).send("WebAuthn.setUserVerified", said);
    }

    private static void shot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "looks", "real-" + name + ".png")));
    }

    /// The request by which a passkey waits for others.
    private String waiting() {
        var pending = new Approvals.Filter(List.of("pending"), Enrolment.CLIENT, Optional.empty(), "", "");
        return office.store
                .read(tx -> office.approvals.list(tx, pending, 10))
                .getFirst()
                .approval()
                .id();
    }

    private Page enrolled(String user, String agrees) {
        var page = signedIn(user);
        page.click("footer a");
        assertThat(page.locator("h1")).hasText("Passkeys");
        page.fill("[name=name]", "Work laptop");
        page.click("button:has-text('Make a passkey')");
        assertThat(page.locator(".notice.done")).containsText("It signs once somebody else has agreed to it.");
        assertThat(page.locator(".rows.passkeys .row")).hasCount(1);
        shot(page, "passkey-waits");
        office.says(agrees, Vote.Word.APPROVE, waiting());
        office.enrolling.finish();
        page.navigate(office.url("/account/passkeys"));
        assertThat(page.locator(".rows.passkeys .row")).containsText("never signed");
        return page;
    }

    @Test
    void a_reviewer_enrols_a_passkey_and_signs_an_approval_and_a_denial_with_it() {
        var page = enrolled("ana", "bo");
        office.signsFrom(Risk.LOW);
        var id = office.asks("refunds:write");
        page.navigate(office.url("/requests/" + id));
        assertThat(page.locator(".decide .sign")).containsText("Your vote is signed with your passkey.");
        shot(page, "signed-request");
        page.click("#do-approve");
        assertThat(page.locator(".step .sign")).containsText("You sign this with your passkey");
        shot(page, "signed-step");
        page.click("button:has-text('Sign and approve')");
        page.waitForURL("**/?voted=*");
        assertThat(office.approval(id)).isInstanceOf(Approval.Approved.class);
        assertThat(office.approval(id).heard().getFirst().signed()).isTrue();
        var voted = office.entries(id).stream()
                .filter(it -> it.code() == Code.REQUEST_VOTED)
                .findFirst()
                .orElseThrow();
        assertThat(voted.body()).containsKey(Member.SIGNATURE);
        assertThat(voted.text(Member.VIA)).isEqualTo("dashboard");

        var other = office.asks("refunds:read");
        page.navigate(office.url("/requests/" + other));
        page.click("#deny summary");
        page.fill("#deny textarea", "not today");
        page.click("button:has-text('Sign and deny')");
        page.waitForURL("**/?voted=*");
        assertThat(office.approval(other)).isInstanceOf(Approval.Denied.class);
        page.navigate(office.url("/requests/" + other));
        assertThat(page.locator(".votes")).containsText("signed");
        assertThat(page.locator(".votes")).containsText("on the dashboard");
        shot(page, "signed-vote");
    }

    @Test
    void what_a_reviewer_says_of_broken_glass_is_signed_with_the_button_that_was_pressed() {
        var page = enrolled("ana", "bo");
        var id = office.breaksGlass("refunds:write", Risk.HIGH);
        page.navigate(office.url("/afterwards/" + id));
        assertThat(page.locator(".sheet .sign")).containsText("What you say is signed with your passkey.");
        shot(page, "signed-look");
        page.fill("textarea", "Nobody told me of an outage");
        knowsItsHolder(false);
        page.click("button:has-text('I object')");
        assertThat(page.locator("#said .notice.refused")).containsText("Nothing was signed");
        knowsItsHolder(true);
        page.click("button:has-text('I object')");
        assertThat(page.locator(".notice.done")).containsText("Your word is recorded.");
        assertThat(page.locator(".items")).containsText("objected");
        assertThat(page.locator(".items .signed")).hasText("signed");
        shot(page, "signed-looked");
        var word = office.entries(id).getLast();
        assertThat(word.code()).isEqualTo(Code.BREAK_GLASS_REVIEWED);
        assertThat(word.text(Member.VOTE)).isEqualTo("object");
        assertThat(word.body()).containsKey(Member.SIGNATURE);
    }

    @Test
    void without_a_passkey_or_script_nobody_says_anything_of_glass_that_wants_signatures() {
        var id = office.breaksGlass("refunds:write", Risk.HIGH);
        context.close();
        context = Chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(390, 844)
                        .setJavaScriptEnabled(false));
        var page = signedIn("ana");
        page.navigate(office.url("/afterwards/" + id));
        page.click("button:has-text('It was right')");
        assertThat(page.locator(".notice.refused")).containsText("You have no passkey to sign with.");
        assertThat(office.entriesOf(id)).doesNotContain("break_glass.reviewed");
    }

    @Test
    void a_narrowed_approval_of_low_risk_is_signed_in_one_step() {
        var page = enrolled("ana", "bo");
        office.signsFrom(Risk.LOW);
        var id = office.asks("refunds:read");
        page.navigate(office.url("/requests/" + id));
        page.click("#narrow summary");
        page.fill("[name=lifetime]", "30");
        page.fill("#narrow textarea", "briefly");
        page.click("button:has-text('Approve narrowed')");
        page.waitForURL("**/?voted=*");
        assertThat(office.approval(id)).isInstanceOfSatisfying(Approval.Approved.class, it -> {
            assertThat(it.granted().lifetime()).hasSeconds(30);
            assertThat(it.heard().getFirst().signed()).isTrue();
        });
    }

    @Test
    void a_ceremony_that_fails_is_told_in_words_and_can_be_done_again() {
        var page = enrolled("ana", "bo");
        office.signsFrom(Risk.LOW);
        var id = office.asks("refunds:read");
        page.navigate(office.url("/requests/" + id));
        knowsItsHolder(false);
        page.click("#do-approve");
        assertThat(page.locator("#said .notice.refused")).containsText("Nothing was signed");
        shot(page, "signing-failed");
        assertThat(office.approval(id)).isInstanceOf(Approval.Pending.class);
        knowsItsHolder(true);
        page.click("#do-approve");
        page.waitForURL("**/?voted=*");
        assertThat(office.approval(id)).isInstanceOf(Approval.Approved.class);
    }

    @Test
    void who_has_no_passkey_is_told_where_to_enrol_one() {
        office.signsFrom(Risk.LOW);
        var id = office.asks("refunds:read");
        var page = signedIn("ana");
        page.navigate(office.url("/requests/" + id));
        page.click("#do-approve");
        assertThat(page.locator("#said .notice.refused")).containsText("You have no passkey to sign with.");
        assertThat(page.locator("#said a")).hasAttribute("href", "/account/passkeys");
        shot(page, "no-passkey");
    }

    @Test
    void without_script_a_vote_that_must_be_signed_is_refused_in_words() {
        office.signsFrom(Risk.LOW);
        var id = office.asks("refunds:read");
        context.close();
        context = Chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(390, 844)
                        .setJavaScriptEnabled(false));
        var page = signedIn("ana");
        page.navigate(office.url("/requests/" + id));
        page.click("#do-approve");
        assertThat(page.locator(".notice.refused")).containsText("You have no passkey to sign with.");
        assertThat(office.approval(id)).isInstanceOf(Approval.Pending.class);
    }

    @Test
    void the_same_device_makes_no_second_passkey_and_a_removal_waits_for_others() {
        var page = enrolled("ana", "bo");
        page.fill("form[data-enrol] [name=name]", "Work laptop again");
        page.click("button:has-text('Make a passkey')");
        assertThat(page.locator("#said .notice.refused")).containsText("There is a passkey of yours on this device");
        page.click(".removal summary");
        page.fill(".removal [name=reason]", "The laptop goes back");
        page.click("button:has-text('Ask for its removal')");
        assertThat(page.locator(".notice.done")).containsText("It signs until somebody else has agreed");
        office.says("bo", Vote.Word.APPROVE, waiting());
        office.enrolling.finish();
        page.navigate(office.url("/account/passkeys"));
        assertThat(page.locator("#main")).containsText("You have none yet.");
    }

    @Test
    void who_agrees_reads_whose_passkey_it_is_and_its_fingerprint() {
        var ana = signedIn("ana");
        ana.navigate(office.url("/account/passkeys"));
        ana.fill("[name=name]", "Work laptop");
        ana.click("button:has-text('Make a passkey')");
        var fingerprint = ana.locator(".rows.passkeys .mono").textContent();
        context.clearCookies();
        var bo = signedIn("bo");
        bo.navigate(office.url("/requests/" + waiting()));
        assertThat(bo.locator("h1")).hasText("Ana Lima wants to enrol this passkey at Countersign");
        assertThat(bo.locator(".why")).containsText("Work laptop");
        assertThat(bo.locator(".grant")).containsText("Its fingerprint is " + fingerprint);
        shot(bo, "agree");
    }
}

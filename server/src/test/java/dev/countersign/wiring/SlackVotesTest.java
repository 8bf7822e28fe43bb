package dev.countersign.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.TestSlack;
import dev.countersign.approval.Vote.Word;
import dev.countersign.http.Json;
import dev.countersign.ledger.Member;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Votes in a channel of Slack: by a stand-in that signs as Slack does.
@OneStore
final class SlackVotesTest extends OverTheWire {
    private static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
    private static final String VOTES =
            "votes: { signing: { file: secrets/signing }, up_to: medium, people: { ana: U0ANA, dev: U0DEV, cy: U0CY } }";

    private final TestSlack slack = new TestSlack();
    private String votes = VOTES;

    @BeforeEach
    void configure() throws IOException {
        Files.createDirectories(folder.resolve("secrets"));
        gate.write("secrets/slack", TestSlack.TOKEN);
        gate.write("secrets/signing", SECRET);
        gate.change(
                "{ name: \"refunds:write\", title: Refund a payment, risk: high }",
                "{ name: \"refunds:write\", title: Refund a payment, risk: medium }");
        isUsedAlready("scope", WRITE, "requested_lifetime", "30");
    }

    /// What is asked for the first time has findings that warn.
    private void isUsedAlready(String... fields) {
        var asked = gate.defer("refund-bot", fields);
        gate.says("ana", Word.APPROVE, asked.reference());
        gate.clock.advance(Duration.ofSeconds(5));
        assertThat(gate.poll("refund-bot", asked.text("deferral_code")).status())
                .isEqualTo(200);
        gate.parts().installation.ledger.settle();
    }

    @Test
    void what_warns_is_not_decided_there() {
        isNotDecidedInSlack(ask("other-bot", "scope", WRITE));
    }

    @AfterEach
    void hangUp() {
        slack.close();
    }

    private void inSlack(String votes) {
        gate.configure("notify.yaml", """
                notify:
                  - { id: chat, slack: { channel: %s, token: { file: secrets/slack }, api: "%s", %s } }
                """.formatted(TestSlack.CHANNEL, slack.api(), votes));
    }

    private String ask() {
        return ask("refund-bot", "scope", WRITE);
    }

    private String ask(String client, String... fields) {
        inSlack(votes); // so that none before it is told anything
        var id = gate.defer(client, fields).reference();
        TestGate.until(() -> slack.messages().size() == 1);
        return id;
    }

    private TestGate.Answer press(String by, String action, String id) {
        return press(body(by, action, id), gate.clock.instant().getEpochSecond(), SECRET);
    }

    private TestGate.Answer press(String body, long at, String secret) {
        return gate.send(gate.request("/slack/chat")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Slack-Request-Timestamp", Long.toString(at))
                .header("X-Slack-Signature", signature(body, at, secret))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static String body(String by, String action, String id) {
        return form(Map.of(
                "type", "block_actions",
                "user", Map.of("id", by, "username", "somebody"),
                "channel", Map.of("id", TestSlack.CHANNEL, "name", "payments"),
                "actions", List.of(Map.of("action_id", action, "type", "button", "value", id))));
    }

    private static String form(Object payload) {
        return "payload=" + URLEncoder.encode(Json.write(payload), UTF_8);
    }

    private static String signature(String body, long at, String secret) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return "v0=" + HexFormat.of().formatHex(mac.doFinal(("v0:" + at + ":" + body).getBytes(UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void untilTold(String said) {
        TestGate.until(() -> !slack.whispers().isEmpty());
        assertThat(slack.whispers()).singleElement().asString().contains(said);
    }

    private String state(String id) {
        return gate.get(gate.bearer("ana", "requests:read"), "/requests/" + id).text("state");
    }

    @Test
    void who_presses_votes_and_is_told_what_came_of_it() {
        var id = ask();
        assertThat(slack.messages().getFirst().toString())
                .contains("\"action_id\":\"approve\"", "\"action_id\":\"deny\"", "Review and sign");
        assertThat(press("U0ANA", "approve", id).status()).isEqualTo(200);
        untilTold("U0ANA: Your vote counts: the request is approved.");
        assertThat(state(id)).isEqualTo("approved");
        TestGate.until(() -> slack.messages().toString().contains("Approved"));
        assertThat(slack.messages().getFirst().toString()).doesNotContain("\"action_id\":\"approve\"");
        assertThat(slack.faults()).isEmpty();

        // Slack sends it again when it has not heard in three seconds.
        assertThat(press("U0ANA", "approve", id).status()).isEqualTo(200);
        TestGate.until(() -> slack.whispers().size() == 2);
        assertThat(slack.whispers().getLast()).contains("The request is approved already.");
        assertThat(gate.entries("request.voted")).as("with the first of all").hasSize(2);
        assertThat(gate.entries("request.voted").getLast().text(Member.VIA)).isEqualTo("slack");
    }

    @Test
    void a_denial_counts_too() {
        var id = ask();
        press("U0ANA", "deny", id);
        untilTold("the request is denied.");
        assertThat(state(id)).isEqualTo("denied");
    }

    @Test
    void who_is_not_linked_or_may_not_vote_is_told_so_and_nothing_counts() {
        var id = ask();
        press("U0NOBODY", "approve", id);
        untilTold("not linked to anybody who may vote");
        press("U0DEV", "approve", id);
        TestGate.until(() -> slack.whispers().size() == 2);
        assertThat(slack.whispers().getLast()).contains("nobody approves their own request");
        press("U0CY", "approve", id);
        TestGate.until(() -> slack.whispers().size() == 3);
        assertThat(slack.whispers().getLast()).contains("Your vote does not count");
        assertThat(gate.entries("request.voted")).as("but the first of all").hasSize(1);
        assertThat(state(id)).isEqualTo("pending");
    }

    @Test
    void whom_a_provider_calls_the_same_is_somebody_else() {
        var id = ask();
        gate.parts().installation.store.write(tx -> tx.sql().createUpdate("""
                                INSERT INTO person (id, login, user_name, name, email, shown)
                                VALUES ('01000000-0000-7000-8000-000000000000', 'https://idp.example.com', 's1', 'Aaa', '', 'ana')""").execute());
        press("U0ANA", "approve", id);
        untilTold("Your vote counts: the request is approved.");
        var ana = gate.parts().installation.people.find("local", "ana").orElseThrow();
        assertThat(gate.entries("request.voted").getLast().actor().id())
                .isEqualTo(ana.id().value());
    }

    @Test
    void what_somebody_asked_about_since_is_not_decided_there() {
        var id = ask();
        assertThat(gate.tell(
                                gate.bearer("bo", "requests:read"),
                                "/requests/" + id + "/comments",
                                "{\"comment\":\"Which order?\"}")
                        .status())
                .isEqualTo(200);
        press("U0ANA", "approve", id);
        untilTold("This is not decided in Slack.");
        assertThat(state(id)).isEqualTo("pending");
    }

    @Test
    void what_is_asked_from_elsewhere_too_is_not_decided_there() {
        var id = ask();
        gate.post(
                "/token",
                "refund-bot",
                new TestKey().proof(gate, "/token"),
                "grant_type",
                "client_credentials",
                "scope",
                WRITE,
                "completion_mode",
                "deferred");
        assertThat(gate.get(gate.bearer("ana", "requests:read"), "/requests/" + id)
                        .body()
                        .toString())
                .contains("elsewhere");
        press("U0ANA", "approve", id);
        untilTold("This is not decided in Slack.");
        assertThat(state(id)).isEqualTo("pending");
    }

    @Test
    void what_slack_has_not_signed_or_not_lately_is_not_heard() {
        var id = ask();
        var body = body("U0ANA", "approve", id);
        long now = gate.clock.instant().getEpochSecond();
        assertThat(press(body, now, "another secret").status()).isEqualTo(401);
        assertThat(press(body, now - 301, SECRET).status()).isEqualTo(401);
        assertThat(press(body, now + 301, SECRET).status()).isEqualTo(401);
        var changed = gate.send(gate.request("/slack/chat")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Slack-Request-Timestamp", Long.toString(now))
                .header("X-Slack-Signature", signature(body("U0DEV", "approve", id), now, SECRET))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(changed.status()).isEqualTo(401);
        var bare = gate.send(gate.request("/slack/chat")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(bare.status()).isEqualTo(401);
        assertThat(state(id)).isEqualTo("pending");
        assertThat(slack.whispers()).isEmpty();

        gate.write("secrets/signing", "");
        assertThat(press(body, now, SECRET).status())
                .as("nobody can tell it from Slack")
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "7", "{\"type\":\"view_submission\"}", "not json"})
    void what_is_no_vote_is_none(String payload) {
        var id = ask();
        var body = "payload=" + URLEncoder.encode(payload, UTF_8);
        assertThat(press(body, gate.clock.instant().getEpochSecond(), SECRET).status())
                .isEqualTo(payload.equals("not json") ? 400 : 200);
        assertThat(press("U0ANA", "open", id).status())
                .as("the button that is a link")
                .isEqualTo(200);
        assertThat(state(id)).isEqualTo("pending");
        assertThat(slack.whispers()).isEmpty();
    }

    @Test
    void a_press_in_another_channel_is_none() {
        var id = ask();
        var payload = Map.of(
                "type", "block_actions",
                "user", Map.of("id", "U0ANA"),
                "channel", Map.of("id", "C9"),
                "actions", List.of(Map.of("action_id", "approve", "value", id)));
        assertThat(press(form(payload), gate.clock.instant().getEpochSecond(), SECRET)
                        .status())
                .isEqualTo(200);
        assertThat(state(id)).isEqualTo("pending");
    }

    private void isNotDecidedInSlack(String id) {
        assertThat(slack.messages().getFirst().toString()).doesNotContain("\"action_id\":\"approve\"");
        press("U0ANA", "approve", id);
        untilTold("This is not decided in Slack. Open " + TestGate.ISSUER + "/requests/" + id);
        assertThat(state(id)).isEqualTo("pending");
    }

    @Test
    void what_risks_more_is_not_decided_there() {
        votes = VOTES.replace("medium", "low");
        isNotDecidedInSlack(ask());
    }

    @Test
    void what_has_details_is_not_decided_there_since_nobody_sees_them() {
        gate.change(
                "title: \"Refund {amount} {currency}\", risk: high",
                "title: \"Refund {amount} {currency}\", risk: low");
        var details = "[{\"type\":\"refund\",\"amount\":4711,\"currency\":\"EUR\"}]";
        isUsedAlready("authorization_details", details, "resource", TestGate.PAYMENTS, "requested_lifetime", "30");
        isNotDecidedInSlack(ask("refund-bot", "authorization_details", details, "resource", TestGate.PAYMENTS));
    }

    @Test
    void what_takes_a_fresh_sign_in_is_not_decided_there() {
        gate.configure("stepup.yaml", "login: { step_up: { from: medium, within: 5m } }\n");
        isNotDecidedInSlack(ask());
    }

    @Test
    void what_has_to_be_signed_is_not_decided_there() {
        gate.configure("policies.yaml", REVIEW.replace("within: 15m", "within: 15m\n      signed: true"));
        isNotDecidedInSlack(ask());
    }

    @Test
    void without_votes_there_is_no_such_call() {
        inSlack("");
        assertThat(press("U0ANA", "approve", "x").status()).isEqualTo(404);
    }
}

package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestStores;
import dev.countersign.approval.Vote.Word;
import dev.countersign.doctor.Invariant;
import dev.countersign.doctor.Result;
import dev.countersign.wiring.TestGate.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules by which a client gets a token before people have looked.
final class BreakGlassTest {
    private static final String WRITE = "refunds:write";
    private static final String POLICIES = """
            policies:
              - { rule: routine, when: "risk == LOW", approve: { lifetime: 60s } }
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, lifetime: 2m }
              - rule: outage
                when: 'client.id == "refund-bot" && "refunds:write" in scopes'
                break_glass:
                  times: 2
                  per: 24h
                  review: { stages: [ { group: security, votes: 1 }, { group: payments-oncall, votes: 1 } ], within: 8h }
            """;

    @TempDir
    Path folder;

    private TestGate gate;

    @BeforeEach
    void start() {
        gate = new TestGate(folder, POLICIES);
    }

    @AfterEach
    void stop() {
        gate.close();
    }

    private Answer breaks(String... more) {
        var fields = new ArrayList<>(List.of("scope", WRITE, "break_glass", "true", "reason", "payments are down"));
        fields.addAll(List.of(more));
        return gate.ask("refund-bot", fields.toArray(String[]::new));
    }

    private String last() {
        return gate.entries("break_glass.used").getLast().request().orElseThrow();
    }

    @Test
    void who_breaks_the_glass_gets_a_short_token_and_people_look_afterwards() {
        var token = breaks("requested_lifetime", "600");
        assertThat(token.status()).isEqualTo(200);
        assertThat(token.text("scope")).isEqualTo(WRITE);
        assertThat(token.body().path("expires_in").intValue()).isEqualTo(60);
        assertThat(String.valueOf(token.claims().get("approval"))).contains("by=break-glass");

        var minted = gate.entries("token.minted").getLast();
        assertThat(minted.text("by")).isEqualTo("break-glass");
        assertThat(minted.texts("rules")).containsExactly("outage");
        var used = gate.entries("break_glass.used").getLast();
        assertThat(used.previous()).contains(minted.hash());
        assertThat(used.number("review_by"))
                .isEqualTo(gate.clock.millis() + Duration.ofHours(8).toMillis());

        var item = gate.get(gate.bearer("ana", "requests:read"), "/break-glass?state=due")
                .body()
                .path("items")
                .path(0);
        assertThat(item.path("reason").stringValue("")).isEqualTo("payments are down");
        assertThat(item.path("may_review").booleanValue()).isTrue();

        assertThat(gate.looks("cy", "approve", last()).text("state")).isEqualTo("due");
        assertThat(gate.looks("cy", "approve", last()).status()).isEqualTo(409);
        assertThat(gate.looks("ana", "approve", last()).text("state")).isEqualTo("approved");
        assertThat(gate.looks("bo", "approve", last()).status()).isEqualTo(409);
        var reviewed = gate.entries("break_glass.reviewed");
        assertThat(reviewed).hasSize(2);
        assertThat(reviewed.getLast().text("outcome")).isEqualTo("approved");
        assertThat(gate.disclosed(reviewed.getLast(), "comment")).isEqualTo("seen");
    }

    @Test
    void where_nothing_is_held_there_is_no_glass_to_break() {
        gate.change("name: Refund bot", "name: Refund bot\n    observe: { until: 2026-07-31 }");

        assertThat(breaks().status()).isEqualTo(200);

        assertThat(gate.codes()).containsExactly("token.minted");
        assertThat(gate.entries("token.minted").getLast().text("by")).isEqualTo("observation");
        assertThat(gate.entries("token.minted").getLast().text("verdict")).isEqualTo("review");
    }

    @Test
    void nobody_breaks_it_by_accident_or_without_a_reason_or_a_rule() {
        assertThat(gate.ask("refund-bot", "scope", WRITE, "reason", "payments are down")
                        .error())
                .isEqualTo("access_denied"); // it waits
        assertThat(gate.ask("refund-bot", "scope", WRITE, "break_glass", "yes").error())
                .isEqualTo("invalid_request");
        var silent = gate.ask("refund-bot", "scope", WRITE, "break_glass", "true");
        assertThat(silent.error()).isEqualTo("invalid_request");
        assertThat(silent.text("error_description")).contains("send a reason");
        assertThat(gate.ask("other-bot", "scope", WRITE, "break_glass", "true", "reason", "x")
                        .error())
                .isEqualTo("invalid_grant");
        assertThat(gate.codes()).doesNotContain("token.minted");
    }

    @Test
    void what_policy_approves_anyhow_breaks_nothing() {
        assertThat(gate.ask("refund-bot", "scope", "refunds:read", "break_glass", "true", "reason", "x")
                        .status())
                .isEqualTo(200);
        assertThat(gate.entries("break_glass.used")).isEmpty();
        assertThat(gate.entries("token.minted").getFirst().text("by")).isEqualTo("policy");
    }

    @Test
    void a_request_that_waits_is_no_hindrance_and_a_denied_one_is() {
        var waiting = gate.defer("refund-bot", "scope", WRITE);
        assertThat(breaks().status()).isEqualTo(200);
        gate.says("ana", Word.DENY, waiting.reference());
        assertThat(breaks().error()).isEqualTo("invalid_grant");
        gate.clock.advance(Duration.ofMinutes(11));
        assertThat(breaks().status()).isEqualTo(200);
    }

    @Test
    void a_request_that_nobody_answered_is_no_hindrance() {
        gate.defer("refund-bot", "scope", WRITE);
        gate.clock.advance(Duration.ofMinutes(16));
        assertThat(breaks().status()).isEqualTo(200);
    }

    @Test
    void it_breaks_as_often_as_the_rule_says_and_then_again_when_that_is_long_ago() {
        assertThat(breaks().status()).isEqualTo(200);
        gate.clock.advance(Duration.ofHours(7));
        assertThat(breaks().status()).isEqualTo(200);
        assertThat(breaks().text("error_description")).contains("as often as it may be");
        assertThat(gate.entries("request.refused").getLast().text("because")).isEqualTo("break-glass-used-up");

        gate.entries("break_glass.used").forEach(it -> {
            gate.looks("cy", "approve", it.request().orElseThrow());
            gate.looks("bo", "approve", it.request().orElseThrow());
        });
        assertThat(breaks().error()).isEqualTo("invalid_grant");
        gate.clock.advance(Duration.ofHours(18));
        assertThat(breaks().status()).isEqualTo(200);
    }

    @Test
    void of_many_at_once_as_many_get_through_as_the_rule_says() throws Exception {
        var other = TestStores.onPostgres() ? gate.anotherNode() : gate;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<Answer>>();
            for (int i = 0; i < 24; i++) {
                var node = i % 2 == 0 ? gate : other;
                tasks.add(() ->
                        node.ask("refund-bot", "scope", WRITE, "break_glass", "true", "reason", "payments are down"));
            }
            int through = 0;
            for (var answer : threads.invokeAll(tasks)) {
                through += answer.get().status() == 200 ? 1 : 0;
            }
            assertThat(through).isEqualTo(2);
        }
        assertThat(gate.entries("break_glass.used")).hasSize(2);
        if (other != gate) {
            other.close();
        }
    }

    @Test
    void while_people_owe_a_look_the_rule_is_locked_for_that_client() {
        breaks();
        var first = last();
        gate.clock.advance(Duration.ofHours(8));
        var refused = breaks();
        assertThat(refused.error()).isEqualTo("invalid_grant");
        assertThat(refused.text("error_description")).contains("have to first: look at " + first);
        var seen = gate.get(gate.bearer("ana", "requests:read"), "/break-glass/" + first);
        assertThat(seen.body().path("overdue").booleanValue()).isTrue();

        gate.looks("cy", "approve", first);
        assertThat(breaks().error()).isEqualTo("invalid_grant");
        gate.looks("ana", "approve", first);
        assertThat(breaks().status()).isEqualTo(200);
    }

    @Test
    void an_objection_locks_it_until_an_administrator_lifts_that() {
        breaks();
        var first = last();
        assertThat(gate.looks("bo", "object", first).text("state")).isEqualTo("objected");
        assertThat(breaks().text("error_description"))
                .contains("somebody objected")
                .contains("look at " + first);
        assertThat(gate.ask("refund-bot", "scope", "refunds:read").status()).isEqualTo(200); // it freezes nothing

        var path = "/break-glass/" + first + "/lift";
        assertThat(gate.tell(gate.bearer("ana", "requests:review"), path, "{\"reason\":\"talked\"}")
                        .status())
                .isEqualTo(403);
        assertThat(gate.tell(gate.bearer("cy", "admin"), path, "{\"reason\":\"\"}")
                        .status())
                .isEqualTo(400);
        assertThat(gate.tell(gate.bearer("cy", "admin"), path, "{\"reason\":\"talked\"}")
                        .text("state"))
                .isEqualTo("lifted");
        assertThat(breaks().status()).isEqualTo(200);
        assertThat(gate.disclosed(gate.entries("break_glass.lifted").getFirst(), "reason"))
                .isEqualTo("talked");
    }

    @Test
    void nobody_on_the_side_that_broke_it_looks_at_it() {
        breaks();
        var refused = gate.looks("dev", "approve", last()); // of the owner's group, and on call
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("detail")).contains("nobody looks at their own");
        assertThat(gate.entries("break_glass.reviewed")).isEmpty();

        gate.change("payments-dev: { members: [dev] }", "payments-dev: { members: [dev, cy] }");
        gate.clock.advance(Duration.ofSeconds(1));
        gate.looks("bo", "object", last());
        assertThat(gate.tell(gate.bearer("cy", "admin"), "/break-glass/" + last() + "/lift", "{\"reason\":\"x\"}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void the_page_shows_it_to_who_may_look_and_takes_their_word() {
        var eve = gate.signIn();
        breaks();
        var queue = page("/queue", eve.cookie());
        assertThat(queue).contains("Looked at afterwards", "payments are down", "/afterwards/" + last());
        var page = page("/afterwards/" + last(), eve.cookie());
        assertThat(page).contains("Refund bot broke the glass", "People have still to look at it.", "I object");

        var csrf = csrf(page);
        var said = gate.post(
                "/afterwards/" + last(),
                "",
                Map.of("Cookie", "countersign=" + eve.cookie()),
                "csrf",
                csrf,
                "vote",
                "object",
                "comment",
                "too much");
        assertThat(said.raw().body()).contains("Somebody objected", "too much").doesNotContain("I object");
        assertThat(page("/queue", eve.cookie())).doesNotContain("/afterwards/");
    }

    private String page(String path, String cookie) {
        return gate.send(gate.request(path)
                        .header("Cookie", "countersign=" + cookie)
                        .build())
                .raw()
                .body();
    }

    @Test
    void an_administrator_lifts_an_objection_on_the_page_in_two_steps() {
        var eve = gate.signIn();
        breaks();
        var id = last();
        gate.looks("bo", "object", id);
        assertThat(page("/queue", eve.cookie())).doesNotContain("/afterwards/");
        var before = page("/afterwards/" + id, eve.cookie());
        assertThat(before).contains("until an administrator lifts that").doesNotContain("Lift…");
        var csrf = csrf(page("/", eve.cookie()));
        assertThat(lifts(eve.cookie(), csrf, "talked to them", "yes").status()).isEqualTo(403);

        gate.change("administrators: { members: [cy] }", "administrators: { members: [cy, eve] }");
        gate.clock.advance(Duration.ofSeconds(1));
        assertThat(page("/queue", eve.cookie())).contains("/afterwards/" + id, ">locked<");
        assertThat(page("/afterwards/" + id, eve.cookie())).contains("Lift…");
        assertThat(lifts(eve.cookie(), "of-another-page", "talked to them", "yes")
                        .status())
                .isEqualTo(403);
        assertThat(lifts(eve.cookie(), csrf, " ", "yes").status()).isEqualTo(422);
        assertThat(lifts(eve.cookie(), csrf, "talked to them", "").raw().body())
                .contains("Second step", "Refund bot", "talked to them", "Yes, lift it");
        assertThat(gate.entries("break_glass.lifted")).isEmpty();
        assertThat(breaks().error()).isEqualTo("invalid_grant");

        assertThat(lifts(eve.cookie(), csrf, "talked to them", "yes").raw().body())
                .contains("Lifted.", "an administrator lets it go on")
                .doesNotContain("Lift…");
        assertThat(gate.disclosed(gate.entries("break_glass.lifted").getFirst(), "reason"))
                .isEqualTo("talked to them");
        assertThat(lifts(eve.cookie(), csrf, "again", "yes").status()).isEqualTo(422);
        assertThat(lifts(eve.cookie(), csrf, "again", "").status()).isEqualTo(422);
        assertThat(page("/queue", eve.cookie())).doesNotContain("/afterwards/");
        assertThat(breaks().status()).isEqualTo(200);
    }

    private Answer lifts(String cookie, String csrf, String reason, String sure) {
        return gate.post(
                "/afterwards/" + last() + "/lift",
                "",
                Map.of("Cookie", "countersign=" + cookie),
                "csrf",
                csrf,
                "reason",
                reason,
                "sure",
                sure);
    }

    private static String csrf(String page) {
        return page.replaceFirst("(?s).*name=\"csrf\" value=\"([^\"]+)\".*", "$1");
    }

    @Test
    void an_administrator_of_the_side_that_broke_it_lifts_nothing_on_the_page() {
        var eve = gate.signIn();
        breaks();
        gate.looks("bo", "object", last());
        gate.change("payments-dev: { members: [dev] }", "payments-dev: { members: [dev, eve] }");
        gate.change("administrators: { members: [cy] }", "administrators: { members: [cy, eve] }");
        gate.clock.advance(Duration.ofSeconds(1));

        var refused = lifts(eve.cookie(), csrf(page("/", eve.cookie())), "it was us", "yes");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.raw().body()).contains("nobody looks at their own");
        assertThat(gate.entries("break_glass.lifted")).isEmpty();
    }

    @Test
    void metrics_tell_what_is_overdue_and_what_is_locked() {
        owed(0, 0);
        breaks();
        owed(0, 0);
        gate.clock.advance(Duration.ofHours(8));
        owed(1, 1);
        gate.looks("cy", "approve", last());
        gate.looks("ana", "approve", last());
        owed(0, 0);
        breaks();
        gate.looks("bo", "object", last());
        owed(0, 1);
        gate.tell(gate.bearer("cy", "admin"), "/break-glass/" + last() + "/lift", "{\"reason\":\"talked\"}");
        owed(0, 0);
    }

    @Test
    void a_client_that_two_uses_lock_out_is_counted_as_one_way_that_is_locked() {
        breaks();
        breaks();
        gate.entries("break_glass.used")
                .forEach(it -> gate.looks("bo", "object", it.request().orElseThrow()));
        owed(0, 1);
        gate.clock.advance(Duration.ofHours(9));
        owed(0, 1);
    }

    /// Counted every second of the machine's own clock.
    private void owed(int overdue, int locked) {
        TestGate.until(() -> {
            var metrics = gate.send(gate.request("/metrics").build()).raw().body();
            return metrics.contains("countersign_break_glass_overdue " + overdue + ".0\n")
                    && metrics.contains("countersign_break_glass_locked " + locked + ".0\n");
        });
    }

    @Test
    void it_is_not_broken_when_nobody_could_look() {
        gate.change("security: { members: [cy, ana] }", "security: { members: [cy, dev] }");
        gate.change("payments-dev: { members: [dev] }", "payments-dev: { members: [dev, cy] }");
        gate.clock.advance(Duration.ofSeconds(1));
        assertThat(breaks().text("error_description")).contains("nobody could decide");
    }

    @Test
    void a_freeze_and_a_denying_rule_hold() {
        gate.configure("more.yaml", """
                policies:
                  - { rule: never, when: 'ticket == "NO"', deny: "not with this ticket" }
                """);
        assertThat(breaks("ticket", "NO").error()).isEqualTo("invalid_grant");
        gate.tell(
                gate.bearer("cy", "admin"),
                "/freezes",
                "{\"kind\":\"client\",\"target\":\"refund-bot\",\"reason\":\"leak\"}");
        assertThat(breaks().text("error_description")).contains("minting is stopped");
        assertThat(gate.codes()).doesNotContain("token.minted");
    }

    @Test
    void it_teaches_nothing_of_what_is_usual() {
        breaks();
        gate.entries("token.minted");
        assertThat(gate.parts().profiles.profileOf("refund-bot")).isEmpty();
        gate.ask("refund-bot", "scope", "refunds:read");
        gate.entries("token.minted");
        assertThat(gate.parts().profiles.profileOf("refund-bot")).isPresent();
    }

    @Test
    void the_doctor_finds_what_was_used_too_often_and_a_row_that_says_otherwise() {
        breaks();
        TestStores.plant(gate.store(), "UPDATE break_glass SET state = 'approved'");
        assertThat(gate.broken()).extracting(Result.Broken::invariant).containsExactly(Invariant.BREAK_GLASS);
        TestStores.plant(gate.store(), "DELETE FROM break_glass");
        breaks();
        breaks();
        assertThat(gate.broken())
                .singleElement()
                .satisfies(it -> assertThat(it.faults())
                        .anySatisfy(fault -> assertThat(fault.said()).contains("more often than 2 times")));
    }

    @Test
    void nobody_breaks_the_glass_for_later() {
        var later = gate.clock.instant().plus(Duration.ofHours(1)).getEpochSecond();
        assertThat(breaks("requested_start", Long.toString(later)).error()).isEqualTo("invalid_request");
        assertThat(gate.entries("request.refused").getLast().text("because")).isEqualTo("too-early");
        assertThat(breaks().status()).isEqualTo(200);
    }
}

package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestStores;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.EntryView;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.policy.Facts;
import dev.countersign.replay.Past;
import dev.countersign.wiring.TestGate.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules that speak of what a client was given in the last 24 hours: it cannot be had in small pieces.
final class PastDayTest {
    private static final String READ = "refunds:read";
    private static final String WRITE = "refunds:write";
    private static final Duration DAY = Duration.ofHours(24);

    private static final String PLAIN = """
            policies:
              - { rule: reads, when: "risk == LOW", approve: { lifetime: 60s } }
              - { rule: small, when: "'refund' in details_types && details.all(d, d.amount <= 500) && usage.uses >= 0", approve: {} }
              - rule: money-moves
                when: "'refunds:write' in scopes"
                review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, collect: 10m, lifetime: 2m }
            """;
    private static final String LIMITED = PLAIN + """
              - { rule: many, when: "past_day.tokens > 5", deny: "{past_day.tokens} tokens in a day" }
              - { rule: much, when: "past_day.amounts.refund.amount > 1000", deny: "too much in a day" }
            """;

    /// The same once more: what was in force before does not come back by itself.
    private static final String AGAIN = LIMITED.replace("> 1000", "> 1000.0");

    @TempDir
    Path folder;

    @TempDir
    Path candidate;

    private TestGate gate;

    @BeforeEach
    void start() {
        gate = new TestGate(folder, LIMITED);
    }

    @AfterEach
    void stop() {
        gate.close();
    }

    /// Until every token was counted for a day.
    private void known() {
        gate.parts().counting.keep();
        gate.clock.advance(DAY.plus(Duration.ofMinutes(6)));
        gate.parts().counting.keep();
    }

    private Answer reads() {
        return gate.ask("refund-bot", "scope", READ);
    }

    private Answer refunds(String amount, String... more) {
        var fields = new ArrayList<>(List.of(
                "authorization_details", "[{\"type\":\"refund\",\"amount\":" + amount + ",\"currency\":\"EUR\"}]"));
        fields.addAll(List.of(more));
        return gate.ask("refund-bot", fields.toArray(String[]::new));
    }

    private long rows(String table) {
        Long rows = gate.parts()
                .installation
                .store
                .read(tx -> tx.sql()
                        .createQuery("SELECT COUNT(*) FROM " + table)
                        .mapTo(Long.class)
                        .one());
        return rows;
    }

    private EntryView last(String code) {
        return gate.entries(code).getLast();
    }

    private Facts recorded(EntryView entry) {
        return Facts.fromJson(gate.disclosed(entry, "facts"));
    }

    @Test
    void so_many_tokens_are_given_in_a_day_and_no_more() {
        known();
        for (int i = 1; i <= 5; i++) {
            assertThat(reads().status()).isEqualTo(200);
            assertThat(recorded(last("token.minted")).value("past_day.tokens")).contains((long) i);
        }
        assertThat(reads().error()).isEqualTo("invalid_grant");
        var refused = last("request.refused");
        assertThat(refused.texts("rules")).containsExactly("many");
        assertThat(refused.text("sentence")).isEqualTo("6 tokens in a day");
        assertThat(recorded(refused).value("past_day.tokens")).contains(6L);
        assertThat(gate.ask("other-bot", "scope", READ).status()).isEqualTo(200);
    }

    @Test
    void what_is_a_day_old_makes_room_again() {
        known();
        for (int i = 1; i <= 5; i++) {
            assertThat(reads().status()).isEqualTo(200);
        }
        gate.clock.advance(DAY.minus(Duration.ofMinutes(6)));
        assertThat(reads().error()).isEqualTo("invalid_grant");
        gate.clock.advance(Duration.ofMinutes(12));
        assertThat(reads().status()).isEqualTo(200);
        assertThat(recorded(last("token.minted")).value("past_day.tokens")).contains(1L);
        gate.clock.advance(Duration.ofHours(1));
        gate.parts().forget();
        assertThat(rows("past_day")).isEqualTo(1);
    }

    @Test
    void amounts_add_up_to_a_limit_to_the_last_digit() {
        known();
        assertThat(refunds("500").status()).isEqualTo(200);
        assertThat(refunds("499.9").status()).isEqualTo(200);
        assertThat(refunds("0.2").error()).isEqualTo("invalid_grant");
        assertThat(last("request.refused").texts("rules")).containsExactly("much");
        assertThat(refunds("0.1").status()).isEqualTo(200);
        assertThat(refunds("0.01").error()).isEqualTo("invalid_grant");
        assertThat(recorded(last("request.refused")).words("past_day.amounts")).isEqualTo("refund.amount 1000.01");
    }

    @Test
    void many_in_one_request_and_less_than_nothing_are_no_way_around_it() {
        known();
        assertThat(refundsOf("400", "401", "402").error()).isEqualTo("invalid_grant");
        assertThat(refundsOf("400", "401").status()).isEqualTo(200);
        assertThat(refunds("-1000").status()).isEqualTo(200);
        assertThat(refunds("400").error()).isEqualTo("invalid_grant");
    }

    private Answer refundsOf(String... amounts) {
        var objects = Stream.of(amounts)
                .map(it -> "{\"type\":\"refund\",\"amount\":" + it + ",\"currency\":\"EUR\"}")
                .collect(Collectors.joining(",", "[", "]"));
        return gate.ask("refund-bot", "authorization_details", objects);
    }

    @Test
    void until_it_is_counted_for_a_day_it_is_unknown_and_helps_nobody() {
        gate.parts().counting.keep();
        assertThat(reads().error()).isEqualTo("invalid_grant");
        assertThat(recorded(last("request.refused")).value("past_day.tokens")).isEmpty();
        gate.clock.advance(DAY);
        assertThat(reads().error()).isEqualTo("invalid_grant");
        gate.clock.advance(Duration.ofMinutes(6));
        assertThat(reads().status()).isEqualTo(200);
    }

    @Test
    void nothing_is_counted_while_no_rule_asks() {
        gate.parts().counting.keep();
        gate.configure("policies.yaml", PLAIN);
        gate.clock.advance(DAY.plusHours(1)); // for so long it goes on for a rule that comes back
        gate.parts().counting.keep();
        assertThat(reads().status()).isEqualTo(200);
        assertThat(recorded(last("token.minted")).value("past_day.tokens")).isEmpty();
        assertThat(rows("past_day_since")).isZero();

        gate.configure("policies.yaml", AGAIN);
        gate.parts().counting.keep();
        assertThat(reads().error()).isEqualTo("invalid_grant"); // it begins anew
    }

    @Test
    void a_candidate_has_it_counted_and_sees_it() throws IOException {
        gate.parts().counting.keep();
        gate.configure("policies.yaml", PLAIN);
        gate.clock.advance(DAY.plusHours(1));
        gate.parts().counting.keep();
        for (var file : List.of("countersign.yaml", "master.key", "refund.schema.json")) {
            Files.copy(folder.resolve(file), candidate.resolve(file));
        }
        Files.writeString(candidate.resolve("policies.yaml"), LIMITED);
        assertThat(gate.server().watchAgain(candidate)).isTrue();
        known();
        for (int i = 1; i <= 6; i++) {
            assertThat(reads().status()).isEqualTo(200);
        }
        assertThat(recorded(last("token.minted")).value("past_day.tokens")).contains(6L);
        gate.configure("policies.yaml", AGAIN);
        gate.parts().counting.keep();
        assertThat(reads().error()).isEqualTo("invalid_grant");
        assertThat(last("request.refused").text("sentence")).isEqualTo("7 tokens in a day");
    }

    @Test
    void it_is_counted_on_after_a_restart() {
        known();
        for (int i = 1; i <= 5; i++) {
            assertThat(reads().status()).isEqualTo(200);
        }
        gate.restart();
        assertThat(reads().error()).isEqualTo("invalid_grant");
        assertThat(last("request.refused").text("sentence")).isEqualTo("6 tokens in a day");
    }

    @Test
    void what_waits_counts_as_if_it_were_given_and_what_is_denied_does_not() {
        known();
        var first = waits("600");
        assertThat(first.error()).isEqualTo("authorization_pending");
        assertThat(refunds("500").error()).isEqualTo("invalid_grant");
        assertThat(waits("401").error()).isEqualTo("invalid_grant");
        gate.says("ana", Word.APPROVE, first.reference());
        assertThat(refunds("500").error()).isEqualTo("invalid_grant");
        assertThat(gate.poll("refund-bot", first.text("deferral_code")).status())
                .isEqualTo(200);
        assertThat(refunds("500").error()).isEqualTo("invalid_grant");

        var second = waits("399");
        assertThat(refunds("2").error()).isEqualTo("invalid_grant");
        gate.says("ana", Word.DENY, second.reference());
        assertThat(refunds("400").status()).isEqualTo(200);
    }

    private Answer waits(String amount) {
        return refunds(amount, "scope", WRITE, "completion_mode", "deferred");
    }

    @Test
    void an_approval_is_judged_once_more_by_the_count_when_it_is_collected() {
        gate.configure("policies.yaml", LIMITED.replace("> 1000", "> 10000"));
        known();
        var held = waits("600");
        var other = waits("500");
        gate.says("ana", Word.APPROVE, held.reference());
        gate.says("ana", Word.APPROVE, other.reference());
        gate.configure("policies.yaml", AGAIN);

        assertThat(gate.poll("refund-bot", held.text("deferral_code")).error()).isEqualTo("access_denied");
        assertThat(last("request.ended").text("because")).isEqualTo("policy: much");
        // The first one has ended, and makes room.
        assertThat(gate.poll("refund-bot", other.text("deferral_code")).status())
                .isEqualTo(200);
        assertThat(refunds("500").status()).isEqualTo(200);
        assertThat(refunds("1").error()).isEqualTo("invalid_grant");
    }

    @Test
    void what_reviewers_lowered_counts_as_they_left_it() {
        known();
        var held = waits("900");
        var request = gate.approval(held.reference()).question();
        var details =
                new AuthorizationDetails(request.ask().details().canonical().replace("900", "100"));
        gate.says(
                "ana",
                Word.APPROVE,
                held.reference(),
                Optional.of(new Allowance(
                        request.ask().scopes(), details, request.ask().lifetime())));
        assertThat(refunds("500").status()).isEqualTo(200);
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        assertThat(refunds("400").status()).isEqualTo(200);
        assertThat(refunds("1").error()).isEqualTo("invalid_grant");
    }

    @Test
    void what_is_observed_only_is_counted_too() {
        gate.change("name: Refund bot", "name: Refund bot\n    observe: { until: 2026-06-30 }");
        known();
        for (int i = 1; i <= 6; i++) {
            assertThat(reads().status()).isEqualTo(200);
        }
        assertThat(last("token.minted").text("verdict")).isEqualTo("deny");
        assertThat(recorded(last("token.minted")).value("past_day.tokens")).contains(6L);
    }

    @Test
    void who_breaks_the_glass_is_counted() {
        gate.configure("policies.yaml", LIMITED + """
                  - rule: outage
                    when: "'refunds:write' in scopes"
                    break_glass: { times: 9, review: { stages: [ { group: security, votes: 1 } ] } }
                """);
        known();
        for (int i = 1; i <= 5; i++) {
            assertThat(breaks().status()).isEqualTo(200);
        }
        assertThat(breaks().error()).isEqualTo("invalid_grant");
        assertThat(last("request.refused").texts("rules")).containsExactly("many");
    }

    private Answer breaks() {
        return gate.ask("refund-bot", "scope", WRITE, "break_glass", "true", "reason", "down");
    }

    /// What was given after a backup was made is not in it.
    @Test
    void a_store_that_is_put_back_begins_to_count_anew() {
        known();
        assertThat(reads().status()).isEqualTo(200);
        gate.parts().counting.startOver();
        gate.parts().counting.keep();
        assertThat(reads().error()).isEqualTo("invalid_grant");
    }

    @Test
    void what_is_judged_again_from_the_record_gives_the_same() throws SQLException {
        known();
        for (int i = 1; i <= 7; i++) {
            reads();
            refunds("300");
        }
        try (var past = Past.open(gate.configuration(), TestStores.address(gate.store()), gate.clock)) {
            var flips = past.backtest(gate.configuration(), Instant.EPOCH, 10, 1);
            assertThat(flips.compared()).isEqualTo(14);
            assertThat(flips.flipped()).isZero();
        }
    }

    @Test
    void of_many_at_once_as_many_get_a_token_as_may() throws Exception {
        known();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Callable<Answer>>();
            for (int i = 0; i < 50; i++) {
                asked.add(this::reads);
            }
            var given = 0;
            for (var answer : threads.invokeAll(asked)) {
                given += answer.get().status() == 200 ? 1 : 0;
            }
            assertThat(given).isEqualTo(5);
        }
        assertThat(gate.entries("token.minted")).hasSize(5);
    }

    @Test
    void each_token_of_an_approval_that_gives_several_counts() {
        gate.configure("policies.yaml", LIMITED.replace("lifetime: 2m }", "lifetime: 2m, uses: 9 }"));
        known();
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(400);
        gate.says(
                "ana",
                Word.APPROVE,
                gate.entries("request.made").getLast().request().orElseThrow());
        for (int i = 0; i < 5; i++) {
            assertThat(gate.ask("refund-bot", "scope", WRITE).status())
                    .as("token %d", i)
                    .isEqualTo(200);
            gate.clock.advance(Duration.ofSeconds(62));
        }
        assertThat(gate.ask("refund-bot", "scope", WRITE).error()).isEqualTo("invalid_grant");
        assertThat(gate.entries("request.refused").getLast().text("sentence")).isEqualTo("6 tokens in a day");
    }
}

package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Vote.Word;
import dev.countersign.doctor.Invariant;
import dev.countersign.http.Json;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.Verification;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who is away, and who votes in their place: as one vote, only where policy says so, and for nobody who may not.
class AbsenceTest extends OverTheWire {
    private static final String LETS = REVIEW.replace("within: 15m", "within: 15m\n      substitutes: true");

    @BeforeEach
    void configure() {
        gate.configure("policies.yaml", LETS);
        gate.clock.advance(Duration.ofSeconds(1));
    }

    private TestGate.Answer away(String user, String from, String until, String zone, String substitute) {
        var body = new LinkedHashMap<String, Object>();
        body.put("from", from);
        body.put("until", until);
        body.put("zone", zone);
        if (!substitute.isEmpty()) {
            body.put("substitute", substitute);
        }
        return gate.tell(gate.bearer(user, "requests:read", "requests:review"), "/absences", Json.write(body));
    }

    /// For that day.
    private void away(String user, String substitute) {
        var said = away(user, "2026-06-01T12:00", "2026-06-02T12:00", "Europe/Berlin", substitute);
        assertThat(said.status()).as(said.raw().body()).isEqualTo(200);
    }

    private void oncall(String members) {
        gate.change("payments-oncall: { members: [ana, bo, dev] }", "payments-oncall: { members: [" + members + "] }");
        gate.clock.advance(Duration.ofSeconds(1));
    }

    private String id(String user) {
        return gate.person(user).value();
    }

    private String asks() {
        return gate.defer("refund-bot", "scope", WRITE).reference();
    }

    private static void counted(Ballot.Result result) {
        assertThat(result).isInstanceOf(Ballot.Result.Counted.class);
    }

    private static String because(Ballot.Result result) {
        return result instanceof Ballot.Result.NotEligible(var because) ? because : result.toString();
    }

    @Test
    void whoever_stands_in_votes_in_their_place_and_it_says_so() {
        away("ana", "cy");
        var held = gate.defer("refund-bot", "scope", WRITE);
        var id = held.reference();
        var cy = gate.bearer("cy", "requests:read", "requests:review");
        var seen = gate.get(cy, "/requests/" + id).body();
        assertThat(seen.path("may_vote").asBoolean(false)).isTrue();
        assertThat(seen.path("in_place_of").stringValue("")).isEqualTo("ana");
        assertThat(seen.path("away").path(0).path("person").stringValue("")).isEqualTo("ana");
        assertThat(seen.path("away").path(0).path("substitute").stringValue("")).isEqualTo("cy");
        assertThat(seen.path("away").path(0).path("until").stringValue("")).isEqualTo("2026-06-02T10:00:00Z");

        var voted = gate.tell(cy, "/requests/" + id + "/votes", "{\"vote\":\"approve\"}");
        assertThat(voted.body().path("votes").path(0).path("person").stringValue(""))
                .isEqualTo("cy");
        assertThat(voted.body().path("votes").path(0).path("in_place_of").stringValue(""))
                .isEqualTo("ana");
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        assertThat(gate.entries("person.away").getFirst().text(Member.SUBSTITUTE))
                .isEqualTo(id("cy"));
        assertThat(gate.entries("request.voted").getFirst().text(Member.IN_PLACE_OF))
                .isEqualTo(id("ana"));
        assertThat(gate.entries("request.judged").getFirst().flag(Member.SUBSTITUTES))
                .isTrue();
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void what_was_lent_ends_with_who_is_named_no_more_also_when_they_come_back() {
        away("ana", "cy");
        var named = gate.read("countersign.yaml");
        gate.configure("countersign.yaml", named.replaceAll("\\bcy\\b", "cyrus"));
        gate.clock.advance(Duration.ofSeconds(1));
        gate.configure("countersign.yaml", named.replace("Cy Chen", "Cy Chen again"));
        gate.clock.advance(Duration.ofSeconds(1));
        assertThat(because(gate.says("cy", Word.APPROVE, asks()))).contains("members of payments-oncall");
        assertThat(gate.entries("person.back")).hasSize(1);
    }

    @Test
    void nobody_votes_in_anothers_place_unless_all_rules_say_so() {
        gate.configure("policies.yaml", REVIEW.replace("within: 15m", "within: 14m"));
        away("ana", "cy");
        var id = asks();
        assertThat(because(gate.says("cy", Word.APPROVE, id)))
                .isEqualTo("you stand in for somebody, and its rules let nobody vote in another's place");
        gate.configure("policies.yaml", LETS.replace("within: 15m", "within: 13m"));
        assertThat(gate.says("cy", Word.DENY, id))
                .as("what was asked before")
                .isInstanceOf(Ballot.Result.NotEligible.class);
        gate.configure("policies.yaml", LETS + """
                  - rule: others-too
                    when: risk == HIGH
                    review: { stages: [ { group: payments-oncall } ] }
                """);
        var other = gate.defer("other-bot", "scope", WRITE).reference();
        assertThat(gate.says("cy", Word.DENY, other)).isInstanceOf(Ballot.Result.NotEligible.class);
    }

    @Test
    void only_while_they_are_away() {
        away("ana", "2026-06-01T10:10", "2026-06-01T10:12", "UTC", "cy");
        var id = asks();
        assertThat(gate.says("cy", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
        gate.clock.advance(Duration.ofMinutes(13));
        assertThat(gate.says("cy", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(away("ana", "2026-06-01T10:13", "2026-06-01T10:30", "UTC", "cy")
                        .status())
                .isEqualTo(200);
        counted(gate.says("cy", Word.APPROVE, id));
    }

    @Test
    void what_is_taken_back_gives_nothing() {
        away("ana", "cy");
        var ana = gate.bearer("ana", "requests:read", "requests:review");
        var absence = gate.get(ana, "/absences")
                .body()
                .path("items")
                .path(0)
                .path("id")
                .stringValue("");
        assertThat(gate.parts()
                        .installation
                        .absences
                        .end(absence, java.util.Optional.of(gate.person("bo")), actor("bo")))
                .as("another's")
                .isFalse();
        assertThat(gate.parts()
                        .installation
                        .absences
                        .end(absence, java.util.Optional.of(gate.person("ana")), actor("ana")))
                .isTrue();
        assertThat(gate.parts().installation.absences.end(absence, java.util.Optional.empty(), actor("cy")))
                .as("twice")
                .isFalse();
        assertThat(gate.says("cy", Word.APPROVE, asks())).isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(gate.entries("person.back")).hasSize(1);
    }

    private dev.countersign.ledger.Entry.Actor actor(String user) {
        return new dev.countersign.ledger.Entry.Actor("person", id(user));
    }

    @Test
    void a_person_and_who_stands_in_are_one_vote() {
        gate.configure("policies.yaml", LETS.replace("votes: 1", "votes: 2"));
        away("ana", "cy");
        var id = asks();
        counted(gate.says("cy", Word.APPROVE, id));
        assertThat(gate.says("ana", Word.APPROVE, id)).isInstanceOf(Ballot.Result.AlreadyVoted.class);
        assertThat(gate.says("cy", Word.APPROVE, id)).isInstanceOf(Ballot.Result.AlreadyVoted.class);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
        counted(gate.says("bo", Word.APPROVE, id));
        assertThat(gate.approval(id)).isInstanceOf(Approval.Approved.class);
    }

    @Test
    void who_has_voted_leaves_nothing_for_who_stands_in() {
        gate.configure("policies.yaml", LETS.replace("votes: 1", "votes: 2"));
        away("ana", "cy");
        var id = asks();
        counted(gate.says("ana", Word.APPROVE, id));
        assertThat(because(gate.says("cy", Word.APPROVE, id)))
                .isEqualTo("nobody whom you stand in for may decide it, or they have voted");
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
    }

    @Test
    void who_may_vote_themselves_votes_as_themselves_and_once() {
        gate.configure("policies.yaml", LETS.replace("votes: 1", "votes: 2"));
        away("ana", "bo");
        var id = asks();
        counted(gate.says("bo", Word.APPROVE, id));
        assertThat(gate.entries("request.voted").getFirst().text(Member.IN_PLACE_OF))
                .isEmpty();
        assertThat(gate.says("bo", Word.APPROVE, id)).isInstanceOf(Ballot.Result.AlreadyVoted.class);
        counted(gate.says("ana", Word.APPROVE, id));
        assertThat(gate.approval(id)).isInstanceOf(Approval.Approved.class);
    }

    @Test
    void of_both_at_once_one_counts() throws InterruptedException, ExecutionException {
        gate.configure("policies.yaml", LETS.replace("votes: 1", "votes: 2"));
        away("ana", "cy");
        var id = asks();
        try (var threads = Executors.newFixedThreadPool(2)) {
            var both = List.<Future<Ballot.Result>>of(
                    threads.submit(() -> gate.says("ana", Word.APPROVE, id)),
                    threads.submit(() -> gate.says("cy", Word.APPROVE, id)));
            int counted = 0;
            for (var each : both) {
                counted += each.get() instanceof Ballot.Result.Counted ? 1 : 0;
            }
            assertThat(counted).isEqualTo(1);
        }
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
    }

    @Test
    void nobody_who_asks_votes_in_anothers_place_nor_anybody_in_theirs() {
        away("ana", "dev");
        var id = asks();
        assertThat(because(gate.says("dev", Word.APPROVE, id))).contains("nobody approves their own request");
        away("dev", "cy");
        assertThat(gate.says("cy", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
    }

    @Test
    void it_passes_on_to_nobody() {
        oncall("ana, dev");
        away("ana", "cy");
        away("cy", "bo");
        var id = asks();
        assertThat(gate.says("bo", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
        counted(gate.says("cy", Word.APPROVE, id));
    }

    @Test
    void who_left_votes_in_nobodys_place_and_their_vote_counts_no_more() {
        gate.configure("policies.yaml", LETS.replace("votes: 1", "votes: 2"));
        oncall("ana, cy, dev");
        away("ana", "bo");
        var first = asks();
        counted(gate.says("bo", Word.APPROVE, first));
        var second = gate.defer("other-bot", "scope", WRITE).reference();
        gate.clock.advance(Duration.ofSeconds(1));
        gate.configure("countersign.yaml", gate.read("countersign.yaml").replaceAll(".*user: bo,.*\n", ""));
        gate.clock.advance(Duration.ofSeconds(1));
        assertThat(gate.says("bo", Word.APPROVE, second)).isInstanceOf(Ballot.Result.NotEligible.class);
        counted(gate.says("cy", Word.APPROVE, first));
        assertThat(gate.approval(first)).isInstanceOf(Approval.Pending.class);
    }

    @Test
    void who_comes_back_early_has_voted_by_who_stood_in() {
        gate.configure("policies.yaml", LETS.replace("votes: 1", "votes: 2"));
        away("ana", "2026-06-01T10:00", "2026-06-01T10:05", "UTC", "cy");
        var id = asks();
        counted(gate.says("cy", Word.APPROVE, id));
        gate.clock.advance(Duration.ofMinutes(6));
        counted(gate.says("bo", Word.APPROVE, id));
        assertThat(gate.approval(id)).isInstanceOf(Approval.Approved.class);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-06-01T12:00, 2026-06-02T12:00, UTC, ana, nobody stands in for themselves",
        "2026-06-01T12:00, 2026-06-02T12:00, UTC, nobody, there is nobody here of that user name",
        "2026-06-01T12:00, 2026-08-01T12:00, UTC, cy, nobody is away for more than 60 days at once",
        "2026-06-02T12:00, 2026-06-01T12:00, UTC, cy, 'it has to end after it begins, and after now'",
        "2026-05-01T12:00, 2026-05-02T12:00, UTC, cy, 'it has to end after it begins, and after now'",
        "2028-05-01T12:00, 2028-05-02T12:00, UTC, cy, it has to begin within a year from now",
        "tomorrow, 2026-06-02T12:00, UTC, cy, 'write both times as 2026-08-01T09:00, and the zone whose clocks you mean as Europe/Berlin or UTC'",
        "2026-06-01T12:00, 2026-06-02T12:00, Berlin, cy, 'write both times as 2026-08-01T09:00, and the zone whose clocks you mean as Europe/Berlin or UTC'",
    })
    void what_cannot_be_is_refused_in_words(String from, String until, String zone, String substitute, String said) {
        var refused = away("ana", from, until, zone, substitute);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("detail")).isEqualTo(said);
        assertThat(gate.entries("person.away")).isEmpty();
    }

    @Test
    void nobody_is_away_twice_at_once() {
        away("ana", "cy");
        assertThat(away("ana", "2026-06-01T23:00", "2026-06-05T12:00", "UTC", "bo")
                        .text("detail"))
                .isEqualTo("you have said already that you are away in that time; take that back first");
        assertThat(away("ana", "2026-06-02T10:00", "2026-06-05T12:00", "UTC", "bo")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void where_votes_are_signed_nobody_votes_in_anothers_place() {
        gate.configure("policies.yaml", LETS.replace("within: 15m", "within: 15m\n      signed: true"));
        away("ana", "cy");
        assertThat(gate.says("cy", Word.APPROVE, asks())).isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(gate.says("ana", Word.APPROVE, asks())).isInstanceOf(Ballot.Result.Unsigned.class);
    }

    @Test
    void where_approving_takes_a_fresh_sign_in_so_does_lending_a_vote() {
        gate.configure("stepup.yaml", "login: { step_up: { from: critical, within: 5m } }\n");
        var lent = away("ana", "2026-06-01T12:00", "2026-06-02T12:00", "UTC", "cy");
        assertThat(lent.status()).isEqualTo(403);
        assertThat(lent.text("detail")).contains("/account/away");
        assertThat(away("ana", "2026-06-01T12:00", "2026-06-02T12:00", "UTC", "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void administrators_see_everybodys_and_others_their_own() {
        away("ana", "cy");
        var bo = gate.bearer("bo", "requests:read", "requests:review");
        assertThat(gate.get(bo, "/absences").body().path("items").size()).isZero();
        assertThat(gate.get(bo, "/absences?all=true").status()).isEqualTo(403);
        var admin = gate.bearer("cy", "requests:read", "admin");
        assertThat(gate.get(admin, "/absences?all=true")
                        .body()
                        .path("items")
                        .path(0)
                        .path("user")
                        .stringValue(""))
                .isEqualTo("ana");
    }

    @Test
    void a_doctor_misses_the_absence_that_a_vote_goes_back_to() {
        away("ana", "cy");
        counted(gate.says("cy", Word.APPROVE, asks()));
        gate.parts().installation.store.write(tx -> tx.sql().execute("UPDATE absence SET substitute = 'another'"));
        assertThat(gate.broken()).anyMatch(it -> it.invariant() == Invariant.QUORUM);
    }
}

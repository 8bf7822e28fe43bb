package dev.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.ledger.Verification.Bad;
import dev.countersign.ledger.Verification.Fault;
import dev.countersign.store.MasterKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that lies: what it writes is in the tree and signed, and should never have been written.
@OneStore
final class AuditorTest {
    @TempDir
    Path folder;

    private TestLedger its;

    @BeforeEach
    void open() {
        its = TestLedger.open(folder, MasterKey.of(MasterKey.generate()));
    }

    @AfterEach
    void close() {
        its.close();
    }

    @Test
    void honest_lives_of_requests_pass() {
        var all = its.approvedByPeople("r1");
        var again = its.append(its.ofToken(Code.TOKEN_REDELIVERED, "r1", of(all, Code.TOKEN_MINTED)));
        its.append(its.ofToken(Code.TOKEN_REVOKED, "r1", again));
        var made = its.append(its.made("r2"));
        var judged = its.append(its.judged("r2", made));
        var no = its.append(its.voted("r2", judged, "p-ana", Member.DENY, List.of("oncall")));
        its.append(its.decided("r2", no, Member.DENIED, List.of(no)));
        its.autoApproved("r3");
        assertThat(fault()).isEmpty();
    }

    @Test
    void a_token_without_a_decision_is_found() {
        var made = its.append(its.made("r1"));
        var judged = its.append(its.judged("r1", made));
        assertFault(its.append(its.minted("r1", judged, List.of("refunds:write"), 120)), Fault.UNJUSTIFIED);
    }

    @Test
    void a_second_token_of_one_request_is_found() {
        var first = of(its.approvedByPeople("r1"), Code.TOKEN_MINTED);
        var second = its.minted("r1", first, List.of("refunds:write"), 120);
        assertFault(
                its.append(changed(second, TestLedger.with(second.body(), Map.of(Member.JTI, "another")))),
                Fault.UNJUSTIFIED);
    }

    @Test
    void a_token_after_a_denial_is_found() {
        var made = its.append(its.made("r1"));
        var judged = its.append(its.judged("r1", made));
        var no = its.append(its.voted("r1", judged, "p-ana", Member.DENY, List.of("oncall")));
        var denied = its.append(its.decided("r1", no, Member.DENIED, List.of(no)));
        assertFault(its.append(its.minted("r1", denied, List.of("refunds:write"), 120)), Fault.UNJUSTIFIED);
    }

    @Test
    void a_token_wider_than_approved_is_found() {
        assertFault(mintedAs(List.of("refunds:read", "refunds:write"), 120), Fault.UNJUSTIFIED);
    }

    @Test
    void a_token_that_lives_longer_than_approved_is_found() {
        assertFault(mintedAs(List.of("refunds:write"), 121), Fault.UNJUSTIFIED);
    }

    @Test
    void a_token_collected_too_late_is_found() {
        var decided = approved("r1");
        its.clock.advance(Duration.ofMinutes(11));
        assertFault(its.append(its.minted("r1", decided, List.of("refunds:write"), 60)), Fault.UNJUSTIFIED);
    }

    private TestLedger.Appended broken(Map<String, Object> changes) {
        var entry = its.autoApproval("r1", "jti-r1");
        var glass = Map.<String, Object>of(
                Member.BY, Member.BY_BREAK_GLASS, Member.STAGES, STAGES, Member.REVIEW_BY, its.clock.millis() + 60_000);
        return its.append(changed(entry, TestLedger.with(TestLedger.with(entry.body(), glass), changes)));
    }

    private Entry afterwards(Code code, String actor, TestLedger.Appended previous, Map<String, Object> body) {
        return new Entry(
                code,
                its.clock.instant(),
                TestLedger.actor(actor.startsWith("p-") ? "person" : "policy", actor),
                Optional.of("r1"),
                Optional.of(previous.hash()),
                Optional.empty(),
                body,
                List.of());
    }

    private Entry used(TestLedger.Appended minted, Map<String, Object> changes) {
        return afterwards(
                Code.BREAK_GLASS_USED,
                "policy",
                minted,
                TestLedger.with(
                        Map.of(
                                Member.RULES,
                                List.of("routine-read"),
                                Member.POLICY_VERSION,
                                "ab12",
                                Member.CLIENT,
                                "refund-bot",
                                Member.SUBJECT,
                                "refund-bot",
                                Member.STAGES,
                                STAGES,
                                Member.REVIEW_BY,
                                its.clock.millis() + 60_000),
                        changes));
    }

    private Entry looked(TestLedger.Appended previous, String person, String vote, String outcome) {
        return afterwards(
                Code.BREAK_GLASS_REVIEWED,
                person,
                previous,
                Map.of(
                        Member.VOTE, vote,
                        Member.OUTCOME, outcome,
                        Member.COUNTED, Map.of("p-ana", List.of("security"), "p-bo", List.of("security"))));
    }

    private static final List<Map<String, Object>> ESCALATES = List.of(Map.of(
            Member.GROUP, "oncall", Member.VOTES, 1, Member.ESCALATES, Map.of(Member.TO, "leads", Member.AFTER, 600)));

    private TestLedger.Appended escalates() {
        var made = its.append(its.made("r1"));
        var judged = its.judged("r1", made);
        return its.append(changed(judged, TestLedger.with(judged.body(), Map.of(Member.STAGES, ESCALATES))));
    }

    private TestLedger.Appended escalated(TestLedger.Appended previous, String group, String to) {
        return its.append(afterwards(
                Code.REQUEST_ESCALATED,
                "clock",
                previous,
                Map.of(Member.ESCALATES, List.of(Map.of(Member.GROUP, group, Member.TO, to)))));
    }

    private TestLedger.Appended inPlace(TestLedger.Appended previous, String group) {
        var vote = its.voted("r1", previous, "p-cy", Member.APPROVE, List.of("oncall"));
        return its.append(changed(vote, TestLedger.with(vote.body(), Map.of(Member.ESCALATED, List.of(group)))));
    }

    @Test
    void a_vote_in_a_groups_place_once_it_escalated_passes() {
        var judged = escalates();
        its.clock.advance(Duration.ofMinutes(10));
        var vote = inPlace(escalated(judged, "oncall", "leads"), "oncall");
        its.append(its.decided("r1", vote, Member.APPROVED, List.of(vote)));
        assertThat(fault()).isEmpty();
    }

    @Test
    void a_vote_in_a_groups_place_that_it_has_not_escalated_from_is_found() {
        assertFault(inPlace(escalates(), "oncall"), Fault.UNJUSTIFIED);
    }

    @Test
    void a_vote_in_the_place_of_a_group_that_it_does_not_count_for_is_found() {
        var judged = escalates();
        its.clock.advance(Duration.ofMinutes(10));
        assertFault(inPlace(escalated(judged, "oncall", "leads"), "security"), Fault.UNJUSTIFIED);
    }

    @Test
    void an_escalation_that_comes_too_soon_is_found() {
        var judged = escalates();
        its.clock.advance(Duration.ofMinutes(9));
        assertFault(escalated(judged, "oncall", "leads"), Fault.UNJUSTIFIED);
    }

    @Test
    void an_escalation_to_others_than_the_verdict_says_is_found() {
        var judged = escalates();
        its.clock.advance(Duration.ofMinutes(10));
        assertFault(escalated(judged, "oncall", "strangers"), Fault.UNJUSTIFIED);
    }

    @Test
    void an_escalation_that_no_verdict_speaks_of_is_found() {
        var judged = its.append(its.judged("r1", its.append(its.made("r1"))));
        its.clock.advance(Duration.ofMinutes(10));
        assertFault(escalated(judged, "oncall", "leads"), Fault.UNJUSTIFIED);
    }

    private TestLedger.Appended lets() {
        var judged = its.judged("r1", its.append(its.made("r1")));
        return its.append(changed(judged, TestLedger.with(judged.body(), Map.of(Member.SUBSTITUTES, true))));
    }

    private TestLedger.Appended away(String by, String person, String substitute, Duration lasts) {
        return its.append(new Entry(
                Code.PERSON_AWAY,
                its.clock.instant(),
                TestLedger.actor("person", by),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(
                        Member.ABSENCE,
                        "a1",
                        Member.PERSON,
                        person,
                        Member.SUBSTITUTE,
                        substitute,
                        Member.FROM,
                        its.clock.millis(),
                        Member.UNTIL,
                        its.clock.instant().plus(lasts).toEpochMilli()),
                List.of()));
    }

    /// Requests of which the last has those rest who approved twice in an hour.
    private TestLedger.Appended approvedTwice(Duration apart) {
        for (var request : List.of("r1", "r2")) {
            var judged = its.append(its.judged(request, its.append(its.made(request))));
            its.append(its.voted(request, judged, "p-ana", Member.APPROVE, List.of("oncall")));
            its.clock.advance(apart);
        }
        var judged = its.judged("r3", its.append(its.made("r3")));
        var rest = Map.<String, Object>of(Member.REST, Map.of(Member.APPROVALS, 2, Member.PER, 3600));
        return its.append(changed(judged, TestLedger.with(judged.body(), rest)));
    }

    @Test
    void an_approval_of_who_had_to_rest_is_found() {
        var judged = approvedTwice(Duration.ofMinutes(1));
        assertFault(its.append(its.voted("r3", judged, "p-ana", Member.APPROVE, List.of("oncall"))), Fault.UNJUSTIFIED);
    }

    @Test
    void a_denial_of_who_had_to_rest_passes_and_so_does_an_approval_of_others() {
        var judged = approvedTwice(Duration.ofMinutes(1));
        var other = its.append(its.voted("r3", judged, "p-bo", Member.APPROVE, List.of("oncall")));
        its.append(its.voted("r3", other, "p-ana", Member.DENY, List.of("oncall")));
        assertThat(fault()).isEmpty();
    }

    @Test
    void an_approval_after_a_rest_passes() {
        var judged = approvedTwice(Duration.ofMinutes(31));
        its.append(its.voted("r3", judged, "p-ana", Member.APPROVE, List.of("oncall")));
        assertThat(fault()).isEmpty();
    }

    private TestLedger.Appended onCall(Map<String, Object> until) {
        return its.append(new Entry(
                Code.GROUP_ON_CALL,
                its.clock.instant(),
                TestLedger.actor("system", "on-call-calendar"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(Member.GROUP, "oncall", Member.ON_CALL, until),
                List.of()));
    }

    private Map<String, Object> until(Duration lasts) {
        return Map.of("p-ana", its.clock.instant().plus(lasts).toEpochMilli());
    }

    private TestLedger.Appended votesOnCall(String person) {
        var judged = its.append(its.judged("r1", its.append(its.made("r1"))));
        return byShift(its.voted("r1", judged, person, Member.APPROVE, List.of("oncall")));
    }

    private TestLedger.Appended byShift(Entry word) {
        return its.append(changed(word, TestLedger.with(word.body(), Map.of(Member.ON_CALL, List.of("oncall")))));
    }

    @Test
    void a_vote_of_who_is_on_call_passes() {
        onCall(until(Duration.ofHours(1)));
        votesOnCall("p-ana");
        assertThat(fault()).isEmpty();
    }

    @Test
    void a_vote_by_a_shift_that_no_entry_has_is_found() {
        assertFault(votesOnCall("p-ana"), Fault.UNJUSTIFIED);
    }

    @Test
    void a_vote_by_a_shift_of_anothers_is_found() {
        onCall(until(Duration.ofHours(1)));
        assertFault(votesOnCall("p-bo"), Fault.UNJUSTIFIED);
    }

    @Test
    void a_vote_after_a_shift_is_found() {
        onCall(until(Duration.ofMinutes(1)));
        its.clock.advance(Duration.ofMinutes(2));
        assertFault(votesOnCall("p-ana"), Fault.UNJUSTIFIED);
    }

    @Test
    void a_vote_of_who_was_taken_off_is_found() {
        onCall(until(Duration.ofHours(1)));
        its.clock.advance(Duration.ofMinutes(1));
        onCall(Map.of());
        its.clock.advance(Duration.ofMinutes(1));
        assertFault(votesOnCall("p-ana"), Fault.UNJUSTIFIED);
    }

    private TestLedger.Appended looksOnCall(String person) {
        var used = its.append(used(broken(Map.of()), Map.of()));
        return byShift(looked(used, person, Member.APPROVE, ""));
    }

    @Test
    void a_look_at_broken_glass_of_who_is_on_call_passes() {
        onCall(until(Duration.ofHours(1)));
        looksOnCall("p-ana");
        assertThat(fault()).isEmpty();
    }

    @Test
    void a_look_at_broken_glass_by_a_shift_of_anothers_is_found() {
        onCall(until(Duration.ofHours(1)));
        assertFault(looksOnCall("p-bo"), Fault.UNJUSTIFIED);
    }

    @Test
    void a_shift_that_was_over_when_it_begins_is_found() {
        assertFault(onCall(until(Duration.ofMillis(-1))), Fault.UNJUSTIFIED);
    }

    @Test
    void a_shift_that_ends_within_its_first_millisecond_passes() {
        onCall(until(Duration.ZERO));
        assertThat(fault()).isEmpty();
    }

    private TestLedger.Appended inPlaceOf(String person, TestLedger.Appended previous) {
        var vote = its.voted("r1", previous, "p-cy", Member.APPROVE, List.of("oncall", "security"));
        return its.append(changed(vote, TestLedger.with(vote.body(), Map.of(Member.IN_PLACE_OF, person))));
    }

    @Test
    void a_vote_in_the_place_of_somebody_who_is_away_passes() {
        away("p-ana", "p-ana", "p-cy", Duration.ofHours(1));
        inPlaceOf("p-ana", lets());
        assertThat(fault()).isEmpty();
    }

    @Test
    void a_vote_in_the_place_of_somebody_who_is_not_away_is_found() {
        assertFault(inPlaceOf("p-ana", lets()), Fault.UNJUSTIFIED);
    }

    @Test
    void a_vote_in_somebodys_place_after_they_were_away_is_found() {
        away("p-ana", "p-ana", "p-cy", Duration.ofMinutes(1));
        var judged = lets();
        its.clock.advance(Duration.ofMinutes(2));
        assertFault(inPlaceOf("p-ana", judged), Fault.UNJUSTIFIED);
    }

    @Test
    void a_vote_in_the_place_of_somebody_for_whom_another_stands_in_is_found() {
        away("p-ana", "p-ana", "p-bo", Duration.ofHours(1));
        assertFault(inPlaceOf("p-ana", lets()), Fault.UNJUSTIFIED);
    }

    @Test
    void a_vote_in_somebodys_place_that_its_verdict_does_not_let_is_found() {
        away("p-ana", "p-ana", "p-cy", Duration.ofHours(1));
        var judged = its.append(its.judged("r1", its.append(its.made("r1"))));
        assertFault(inPlaceOf("p-ana", judged), Fault.UNJUSTIFIED);
    }

    @Test
    void two_votes_of_one_person_by_themselves_and_by_another_are_found() {
        away("p-ana", "p-ana", "p-cy", Duration.ofHours(1));
        var own = its.append(its.voted("r1", lets(), "p-ana", Member.APPROVE, List.of("oncall")));
        assertFault(inPlaceOf("p-ana", own), Fault.UNJUSTIFIED);
    }

    @Test
    void that_somebody_is_away_by_anothers_word_is_found() {
        assertFault(away("p-cy", "p-ana", "p-cy", Duration.ofHours(1)), Fault.UNJUSTIFIED);
    }

    private static final List<Map<String, Object>> STAGES = List.of(Map.of(Member.GROUP, "security", Member.VOTES, 2));

    @Test
    void broken_glass_that_enough_people_looked_at_passes() {
        var used = its.append(used(broken(Map.of()), Map.of()));
        var first = its.append(looked(used, "p-ana", Member.APPROVE, ""));
        its.append(looked(first, "p-bo", Member.APPROVE, Member.APPROVED));
        assertThat(fault()).isEmpty();
    }

    @Test
    void broken_glass_without_a_rule_is_found() {
        assertFault(broken(Map.of(Member.RULES, List.of())), Fault.UNJUSTIFIED);
    }

    @Test
    void broken_glass_that_nobody_has_to_look_at_is_found() {
        assertFault(broken(Map.of(Member.STAGES, List.of())), Fault.UNJUSTIFIED);
    }

    @Test
    void broken_glass_without_a_deadline_is_found() {
        assertFault(broken(Map.of(Member.REVIEW_BY, 0)), Fault.UNJUSTIFIED);
    }

    @Test
    void what_others_than_its_token_says_have_to_look_at_is_found() {
        assertFault(
                its.append(used(
                        broken(Map.of()),
                        Map.of(Member.STAGES, List.of(Map.of(Member.GROUP, "oncall", Member.VOTES, 1))))),
                Fault.UNJUSTIFIED);
    }

    @Test
    void a_use_of_a_token_that_broke_no_glass_is_found() {
        assertFault(its.append(used(its.autoApproved("r1"), Map.of())), Fault.UNJUSTIFIED);
    }

    @Test
    void broken_glass_that_too_few_looked_at_is_found() {
        var used = its.append(used(broken(Map.of()), Map.of()));
        assertFault(its.append(looked(used, "p-ana", Member.APPROVE, Member.APPROVED)), Fault.UNJUSTIFIED);
    }

    @Test
    void nobody_looks_twice() {
        var used = its.append(used(broken(Map.of()), Map.of()));
        var first = its.append(looked(used, "p-ana", Member.APPROVE, ""));
        assertFault(its.append(looked(first, "p-ana", Member.APPROVE, Member.APPROVED)), Fault.UNJUSTIFIED);
    }

    @Test
    void an_objection_that_comes_to_nothing_is_found() {
        var used = its.append(used(broken(Map.of()), Map.of()));
        assertFault(its.append(looked(used, "p-ana", Member.OBJECT, Member.APPROVED)), Fault.UNJUSTIFIED);
    }

    @Test
    void a_lift_without_an_objection_is_found() {
        var used = its.append(used(broken(Map.of()), Map.of()));
        assertFault(its.append(afterwards(Code.BREAK_GLASS_LIFTED, "p-ana", used, Map.of())), Fault.UNJUSTIFIED);
    }

    @Test
    void a_token_without_a_rule_is_found() {
        var entry = its.autoApproval("r1", "jti-r1");
        assertFault(
                its.append(changed(entry, TestLedger.with(entry.body(), Map.of(Member.RULES, List.of())))),
                Fault.UNJUSTIFIED);
    }

    @Test
    void a_token_whose_terms_are_not_its_own_is_found() {
        var entry = its.autoApproval("r1", "jti-r1");
        assertFault(
                its.append(
                        changed(entry, TestLedger.with(entry.body(), Map.of(Member.SCOPES, List.of("refunds:write"))))),
                Fault.UNJUSTIFIED);
    }

    @Test
    void one_person_does_not_fill_two_stages() {
        var made = its.append(its.made("r1"));
        var judged = its.append(its.judged("r1", made));
        var ana = its.append(its.voted("r1", judged, "p-ana", Member.APPROVE, List.of("oncall", "security")));
        assertFault(its.append(its.decided("r1", ana, Member.APPROVED, List.of(ana))), Fault.UNJUSTIFIED);
    }

    @Test
    void nobody_votes_twice() {
        var made = its.append(its.made("r1"));
        var judged = its.append(its.judged("r1", made));
        var ana = its.append(its.voted("r1", judged, "p-ana", Member.APPROVE, List.of("oncall")));
        assertFault(its.append(its.voted("r1", ana, "p-ana", Member.APPROVE, List.of("security"))), Fault.UNJUSTIFIED);
    }

    @Test
    void one_no_is_enough() {
        var made = its.append(its.made("r1"));
        var judged = its.append(its.judged("r1", made));
        var ana = its.append(its.voted("r1", judged, "p-ana", Member.APPROVE, List.of("oncall", "security")));
        var bo = its.append(its.voted("r1", ana, "p-bo", Member.APPROVE, List.of("oncall")));
        var cy = its.append(its.voted("r1", bo, "p-cy", Member.DENY, List.of("oncall")));
        assertFault(its.append(its.decided("r1", cy, Member.APPROVED, List.of(ana, bo))), Fault.UNJUSTIFIED);
    }

    @Test
    void votes_that_were_never_cast_are_found() {
        var other = its.append(its.signIn("p-ana"));
        var made = its.append(its.made("r1"));
        var judged = its.append(its.judged("r1", made));
        assertFault(its.append(its.decided("r1", judged, Member.APPROVED, List.of(other))), Fault.UNJUSTIFIED);
    }

    @Test
    void what_was_observed_only_says_what_policy_said_and_until_when() {
        its.append(observed("r1", Map.of()));
        its.append(observed("r2", Map.of(Member.VERDICT, Member.APPROVE)));
        assertThat(fault()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {Member.VERDICT, Member.OBSERVED, Member.OBSERVED_UNTIL, Member.RULES})
    void what_was_observed_only_and_lacks_something_is_found(String member) {
        var entry = observed("r1", Map.of());
        var body = new HashMap<>(entry.body());
        body.remove(member);
        assertFault(its.append(changed(entry, body)), Fault.UNJUSTIFIED);
    }

    @Test
    void to_observe_for_ever_or_longer_than_it_was_said_is_found() {
        var after = its.clock.instant().plusSeconds(1);
        for (var until : List.of(
                after.minus(Auditor.SKEW).minusSeconds(2),
                after.plus(Auditor.SKEW).plus(Duration.ofDays(90)))) {
            var entry = its.ledger.seal(observed("r1", Map.of(Member.OBSERVED_UNTIL, until.toEpochMilli())));
            assertThat(Course.broken(List.of(entry.at(1))).orElseThrow().said()).contains("observed only when");
        }
    }

    @Test
    void a_word_of_policy_other_than_what_was_done_is_found() {
        its.append(observed("r1", Map.of(Member.VERDICT, "perhaps")));
        assertThat(fault()).isPresent();
        var approval = its.autoApproval("r2", "jti-r2");
        var body = new HashMap<>(approval.body());
        body.put(Member.VERDICT, Member.REVIEW);
        var entry = its.ledger.seal(changed(approval, body)).at(2);
        assertThat(Course.broken(List.of(entry)).orElseThrow().said()).isEqualTo("policy said something else of it");
    }

    private Entry observed(String request, Map<String, Object> changes) {
        var entry = its.autoApproval(request, "jti-" + request);
        var body = new HashMap<>(entry.body());
        body.put(Member.BY, Member.BY_OBSERVATION);
        body.put(Member.VERDICT, Member.DENY);
        body.put(Member.OBSERVED, List.of(Member.CLIENT));
        body.put(
                Member.OBSERVED_UNTIL,
                its.clock.instant().plus(Duration.ofDays(90)).toEpochMilli());
        body.putAll(changes);
        return changed(entry, body);
    }

    @Test
    void an_entry_that_follows_another_than_the_last_is_found() {
        var made = its.append(its.made("r1"));
        its.append(its.judged("r1", made));
        assertFault(its.append(its.voted("r1", made, "p-ana", Member.APPROVE, List.of("oncall"))), Fault.CHAIN);
    }

    @Test
    void a_jti_of_two_tokens_is_found() {
        // The table refuses it, so that only the auditor is asked.
        var auditor = new Auditor();
        assertThat(auditor.read(its.ledger.entry(0).orElseThrow())).isEmpty();
        assertThat(auditor.read(its.ledger.seal(its.autoApproval("r1", "j")).at(1)))
                .isEmpty();
        assertThat(auditor.read(its.ledger.seal(its.autoApproval("r2", "j")).at(2)))
                .hasValueSatisfying(bad -> assertThat(bad.fault()).isEqualTo(Fault.UNJUSTIFIED));
    }

    @Test
    void an_entry_out_of_time_is_found() {
        // The ledger takes nothing that late, so that only the auditor is asked.
        var auditor = new Auditor();
        assertThat(auditor.read(its.ledger.entry(0).orElseThrow())).isEmpty();
        var late = its.ledger.seal(its.autoApproval("r1", "jti-r1"));
        var later = its.ledger.seal(its.autoApproval("r2", "jti-r2"));
        its.clock.advance(Auditor.SKEW);
        assertThat(auditor.read(
                        its.ledger.seal(its.autoApproval("r3", "jti-r3")).at(1)))
                .isEmpty();
        assertThat(auditor.read(late.at(2))).isEmpty();
        its.clock.advance(Duration.ofMillis(1));
        assertThat(auditor.read(
                        its.ledger.seal(its.autoApproval("r4", "jti-r4")).at(3)))
                .isEmpty();
        assertThat(auditor.read(later.at(4)))
                .hasValueSatisfying(bad -> assertThat(bad.fault()).isEqualTo(Fault.TIME));
    }

    /// A request like any other, of somebody who wants a client attested.
    private TestLedger.Appended agreedTo(String client) {
        var write = List.of("refunds:write");
        var made = its.append(as(client, its.made("r1"), List.of("refunds:read", "refunds:write"), 0));
        var judged = its.append(its.judged("r1", made));
        var ana = its.append(its.voted("r1", judged, "p-ana", Member.APPROVE, List.of("security")));
        var bo = its.append(its.voted("r1", ana, "p-bo", Member.APPROVE, List.of("oncall")));
        var decided = its.append(as(client, its.decided("r1", bo, Member.APPROVED, List.of(ana, bo)), write, 120));
        return its.append(as(client, its.minted("r1", decided, write, 120), write, 120));
    }

    private static Entry as(String client, Entry entry, List<String> scopes, long lifetime) {
        var resource = "https://auth.example.com/api/v1/clients/refund-bot";
        var who = Map.<String, Object>of(Member.CLIENT, client, Member.SUBJECT, "p-dev", Member.RESOURCE, resource);
        var body = entry.code() == Code.REQUEST_DECIDED ? entry.body() : TestLedger.with(entry.body(), who);
        var terms = new Terms(client, "p-dev", resource, scopes, TestLedger.NO_DETAILS, "", lifetime, 1, 0);
        return new Entry(
                entry.code(),
                entry.at(),
                entry.actor(),
                entry.request(),
                entry.previous(),
                Optional.of(terms.digest()),
                body,
                entry.disclosures());
    }

    private Entry attested(TestLedger.Appended previous, String client, long more) {
        long until = (its.clock.instant().getEpochSecond() + 120) * 1000 + more;
        return afterwards(Code.CLIENT_ATTESTED, "p-dev", previous, Map.of(Member.TARGET, client, Member.UNTIL, until));
    }

    @Test
    void a_client_that_people_agreed_to_attest_passes() {
        its.append(attested(agreedTo(Member.ATTESTATION), "refund-bot", 0));
        assertThat(fault()).isEmpty();
    }

    @Test
    void a_client_that_is_attested_for_longer_is_found() {
        assertFault(its.append(attested(agreedTo(Member.ATTESTATION), "refund-bot", 1000)), Fault.UNJUSTIFIED);
    }

    @Test
    void another_client_that_is_attested_is_found() {
        assertFault(its.append(attested(agreedTo(Member.ATTESTATION), "other-bot", 0)), Fault.UNJUSTIFIED);
    }

    @Test
    void a_client_that_is_attested_twice_is_found() {
        var first = its.append(attested(agreedTo(Member.ATTESTATION), "refund-bot", 0));
        assertFault(its.append(attested(first, "refund-bot", 0)), Fault.UNJUSTIFIED);
    }

    @Test
    void a_client_that_a_token_of_another_attests_is_found() {
        assertFault(its.append(attested(agreedTo("refund-bot"), "refund-bot", 0)), Fault.UNJUSTIFIED);
    }

    @Test
    void a_client_that_is_attested_before_people_agreed_is_found() {
        assertFault(its.append(attested(its.append(its.made("r1")), "refund-bot", 0)), Fault.UNJUSTIFIED);
    }

    private TestLedger.Appended approved(String request) {
        var made = its.append(its.made(request));
        var judged = its.append(its.judged(request, made));
        var ana = its.append(its.voted(request, judged, "p-ana", Member.APPROVE, List.of("security")));
        var bo = its.append(its.voted(request, ana, "p-bo", Member.APPROVE, List.of("oncall")));
        return its.append(its.decided(request, bo, Member.APPROVED, List.of(ana, bo)));
    }

    private TestLedger.Appended mintedAs(List<String> scopes, long lifetime) {
        return its.append(its.minted("r1", approved("r1"), scopes, lifetime));
    }

    private static Entry changed(Entry entry, Map<String, Object> body) {
        return changed(entry, entry.at(), body);
    }

    private static Entry changed(Entry entry, java.time.Instant at, Map<String, Object> body) {
        return new Entry(
                entry.code(),
                at,
                entry.actor(),
                entry.request(),
                entry.previous(),
                entry.terms(),
                body,
                entry.disclosures());
    }

    private static TestLedger.Appended of(Map<Code, TestLedger.Appended> all, Code code) {
        return Optional.ofNullable(all.get(code)).orElseThrow();
    }

    private Optional<Bad> fault() {
        var auditor = new Auditor();
        return its.all().stream().map(auditor::read).flatMap(Optional::stream).findFirst();
    }

    private void assertFault(TestLedger.Appended at, Fault fault) {
        assertThat(fault()).hasValueSatisfying(bad -> {
            assertThat(bad.fault()).as(bad.said()).isEqualTo(fault);
            assertThat(bad.index()).isEqualTo(at.index());
        });
    }
}

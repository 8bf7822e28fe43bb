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

/// Tokens of an approval that was given for several, as the auditor reads them.
@OneStore
final class UsesAuditTest {
    private static final List<String> WRITE = List.of("refunds:write");

    private TestLedger its;

    @BeforeEach
    void open(@TempDir Path folder) {
        its = TestLedger.open(folder, MasterKey.of(MasterKey.generate()));
    }

    @AfterEach
    void close() {
        its.close();
    }

    /// People approve three tokens, and the first is minted.
    private TestLedger.Appended agreed() {
        var made = its.append(several(its.made("r1"), List.of("refunds:read", "refunds:write"), 0));
        var judged = its.append(its.judged("r1", made));
        var ana = its.append(its.voted("r1", judged, "p-ana", Member.APPROVE, List.of("security")));
        var bo = its.append(its.voted("r1", ana, "p-bo", Member.APPROVE, List.of("oncall")));
        var decided = its.append(several(its.decided("r1", bo, Member.APPROVED, List.of(ana, bo)), WRITE, 120));
        return its.append(its.minted("r1", decided, WRITE, 120));
    }

    private static Entry several(Entry entry, List<String> scopes, long lifetime) {
        return with(entry, Map.of(Member.USES, 3), terms(scopes, lifetime, 3));
    }

    private static Terms terms(List<String> scopes, long lifetime, long uses) {
        return new Terms(
                "refund-bot",
                "refund-bot",
                "https://pay.example.com",
                scopes,
                TestLedger.NO_DETAILS,
                "",
                lifetime,
                uses,
                0);
    }

    private static Entry with(Entry entry, Map<String, Object> changes, Terms terms) {
        var body = new HashMap<>(entry.body());
        body.putAll(changes);
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

    /// A token by that approval, for a request of its own.
    private TestLedger.Appended further(String request, int use, Map<String, Object> changes) {
        return further(request, use, WRITE, 120, changes);
    }

    private TestLedger.Appended further(
            String request, int use, List<String> scopes, long lifetime, Map<String, Object> changes) {
        var body = new HashMap<String, Object>(Map.of(
                Member.BY,
                Member.BY_APPROVAL,
                Member.APPROVAL,
                "r1",
                Member.USE,
                use,
                Member.VERDICT,
                Member.REVIEW,
                Member.SCOPES,
                scopes,
                Member.LIFETIME,
                lifetime,
                Member.EXP,
                its.clock.instant().getEpochSecond() + lifetime));
        body.putAll(changes);
        return its.append(with(its.autoApproval(request, "jti-" + request), body, terms(scopes, lifetime, 1)));
    }

    @Test
    void as_many_as_were_agreed_to_pass() {
        agreed();
        further("r2", 2, Map.of());
        further("r3", 3, Map.of());
        assertThat(fault()).isEmpty();
    }

    @Test
    void one_more_is_found() {
        agreed();
        further("r2", 2, Map.of());
        further("r3", 3, Map.of());
        assertFault(further("r4", 4, Map.of()));
    }

    @Test
    void the_same_one_twice_is_found() {
        agreed();
        further("r2", 2, Map.of());
        assertFault(further("r3", 2, Map.of()));
    }

    @Test
    void one_that_uses_what_nobody_approved_is_found() {
        its.append(its.made("r1"));
        assertFault(further("r2", 2, Map.of()));
    }

    @Test
    void one_that_uses_what_was_approved_for_one_token_is_found() {
        its.approvedByPeople("r1");
        assertFault(further("r2", 2, Map.of()));
    }

    @Test
    void one_that_comes_before_the_first_is_found() {
        var made = its.append(several(its.made("r1"), List.of("refunds:read", "refunds:write"), 0));
        var judged = its.append(its.judged("r1", made));
        var ana = its.append(its.voted("r1", judged, "p-ana", Member.APPROVE, List.of("security")));
        var bo = its.append(its.voted("r1", ana, "p-bo", Member.APPROVE, List.of("oncall")));
        its.append(several(its.decided("r1", bo, Member.APPROVED, List.of(ana, bo)), WRITE, 120));
        assertFault(further("r2", 2, Map.of()));
    }

    @Test
    void one_that_says_of_no_approval_that_it_uses_it_is_found() {
        agreed();
        assertFault(further("r2", 2, Map.of(Member.APPROVAL, "")));
    }

    @Test
    void one_that_policy_denied_is_found() {
        agreed();
        assertFault(further("r2", 2, Map.of(Member.VERDICT, Member.DENY)));
    }

    @Test
    void one_that_is_wider_is_found() {
        agreed();
        assertFault(further("r2", 2, List.of("refunds:read", "refunds:write"), 120, Map.of()));
    }

    @Test
    void one_that_lives_longer_is_found() {
        agreed();
        assertFault(further("r2", 2, WRITE, 121, Map.of()));
    }

    @Test
    void one_of_another_client_is_found() {
        agreed();
        assertFault(further("r2", 2, Map.of(Member.CLIENT, "other-bot")));
    }

    @Test
    void one_after_the_time_for_it_is_found() {
        agreed();
        its.clock.advance(Duration.ofSeconds(611));
        assertFault(further("r2", 2, WRITE, 60, Map.of()));
    }

    @Test
    void one_after_it_was_taken_back_is_found() {
        var minted = agreed();
        its.append(its.entry(
                Code.REQUEST_ENDED,
                TestLedger.actor("person", "p-ana"),
                "r1",
                minted,
                null,
                Map.of(Member.OUTCOME, Member.REVOKED, Member.JTI, "jti-r1"),
                List.of()));
        assertFault(further("r2", 2, Map.of()));
    }

    @Test
    void more_than_were_asked_for_cannot_be_approved() {
        var made = its.append(its.made("r1"));
        var judged = its.append(its.judged("r1", made));
        var ana = its.append(its.voted("r1", judged, "p-ana", Member.APPROVE, List.of("security")));
        var bo = its.append(its.voted("r1", ana, "p-bo", Member.APPROVE, List.of("oncall")));
        assertFault(its.append(several(its.decided("r1", bo, Member.APPROVED, List.of(ana, bo)), WRITE, 120)));
    }

    private Optional<Bad> fault() {
        var auditor = new Auditor();
        return its.all().stream().map(auditor::read).flatMap(Optional::stream).findFirst();
    }

    private void assertFault(TestLedger.Appended at) {
        assertThat(fault()).hasValueSatisfying(bad -> {
            assertThat(bad.fault()).as(bad.said()).isEqualTo(Fault.UNJUSTIFIED);
            assertThat(bad.index()).isEqualTo(at.index());
        });
    }
}

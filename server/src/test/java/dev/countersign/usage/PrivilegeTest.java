package dev.countersign.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.TestEntries;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// For how long privilege was granted and taken, and how many tokens live.
final class PrivilegeTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final LocalDate DAY = LocalDate.of(2026, 6, 1);

    private Privilege privilege = new Privilege();

    private void take(Code code, Instant at, Map<String, Object> body) {
        privilege.take(TestEntries.of(0, code, at, Optional.empty(), body));
    }

    private void minted(String by, Instant at, long seconds) {
        take(
                Code.TOKEN_MINTED,
                at,
                Map.of(Member.BY, by, Member.IAT, at.getEpochSecond(), Member.EXP, at.getEpochSecond() + seconds));
    }

    private void decided(String outcome, Instant at, long seconds, long uses) {
        var body = new TreeMap<String, Object>(Map.of(Member.OUTCOME, outcome, Member.LIFETIME, seconds));
        if (uses > 1) {
            body.put(Member.USES, uses);
        }
        take(Code.REQUEST_DECIDED, at, body);
    }

    private Privilege.Day on(LocalDate date) {
        return privilege.last(1, date).getFirst();
    }

    private void keepAndPutBack() {
        var again = new Privilege();
        again.restore(Form.read(Form.write(privilege.form())));
        privilege = again;
    }

    @Test
    void what_policy_lets_pass_is_granted_and_taken_at_once() {
        minted(Member.BY_POLICY, NOON, 60);
        minted(Member.BY_OBSERVATION, NOON, 30);
        minted(Member.BY_BREAK_GLASS, NOON, 10);

        assertThat(on(DAY)).isEqualTo(new Privilege.Day(DAY, 100, 100));
    }

    /// To put a configuration in force or to attest a client for a month lets nobody at any API.
    @Test
    void what_the_server_is_asked_for_itself_is_no_privilege() {
        for (var client : List.of("countersign", "countersign-attestation", "countersign-passkeys")) {
            take(
                    Code.REQUEST_DECIDED,
                    NOON,
                    Map.of(Member.CLIENT, client, Member.OUTCOME, Member.APPROVED, Member.LIFETIME, 2_592_000L));
            take(
                    Code.TOKEN_MINTED,
                    NOON,
                    Map.of(
                            Member.CLIENT,
                            client,
                            Member.BY,
                            Member.BY_PEOPLE,
                            Member.IAT,
                            NOON.getEpochSecond(),
                            Member.EXP,
                            NOON.getEpochSecond() + 2_592_000L));
        }

        assertThat(privilege.any()).isFalse();
        assertThat(privilege.unexpired(NOON)).isZero();
    }

    @Test
    void what_people_approve_is_granted_then_and_taken_when_it_is_collected() {
        decided(Member.APPROVED, NOON, 300, 3);
        decided(Member.APPROVED, NOON, 120, 1);
        decided(Member.DENIED, NOON, 900, 1);
        decided(Member.EXPIRED, NOON, 900, 1);
        minted(Member.BY_PEOPLE, NOON, 300);
        minted(Member.BY_APPROVAL, NOON.plus(Duration.ofHours(12)), 300);

        assertThat(on(DAY)).isEqualTo(new Privilege.Day(DAY, 1_020, 300));
        assertThat(on(DAY.plusDays(1))).isEqualTo(new Privilege.Day(DAY.plusDays(1), 0, 300));
        assertThat(privilege.last(3, DAY.plusDays(1)))
                .extracting(Privilege.Day::date)
                .containsExactly(DAY.minusDays(1), DAY, DAY.plusDays(1));
    }

    @Test
    void a_token_lives_until_it_expires_or_an_eighth_of_its_life_longer() {
        minted(Member.BY_POLICY, NOON.plusMillis(1), 60);
        minted(Member.BY_PEOPLE, NOON, 900);
        minted(Member.BY_PEOPLE, NOON, 86_400);
        keepAndPutBack();

        assertThat(privilege.unexpired(NOON)).isEqualTo(3);
        assertThat(privilege.unexpired(NOON.plusSeconds(59))).isEqualTo(3);
        assertThat(privilege.unexpired(NOON.plusSeconds(65))).isEqualTo(2);
        assertThat(privilege.endingBy(NOON, NOON.plusSeconds(300))).isEqualTo(1);
        assertThat(privilege.endingBy(NOON, NOON.plusSeconds(960))).isEqualTo(2);
        assertThat(privilege.unexpired(NOON.plusSeconds(899))).isEqualTo(2);
        assertThat(privilege.unexpired(NOON.plusSeconds(960))).isEqualTo(1);
        assertThat(privilege.unexpired(NOON.plusSeconds(90_000))).isZero();
    }

    /// However many tokens there are, what is kept stays small.
    @Test
    void what_is_over_is_let_go() {
        for (int day = 0; day < 200; day++) {
            for (int i = 0; i < 50; i++) {
                minted(Member.BY_POLICY, NOON.plus(Duration.ofDays(day)).plusSeconds(i), 60);
            }
        }
        keepAndPutBack();

        assertThat(Form.write(privilege.form()).length()).isLessThan(3_000);
        assertThat(on(DAY.plusDays(199))).isEqualTo(new Privilege.Day(DAY.plusDays(199), 3_000, 3_000));
        assertThat(on(DAY.plusDays(110)).taken()).isEqualTo(3_000);
        assertThat(on(DAY.plusDays(109)).taken()).isZero();
    }
}

package dev.countersign.people;

import static dev.countersign.people.TestPeople.attempt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.ledger.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CallersTest {
    private static final LocalPerson ANA = TestPeople.person("ana", "Ana Lima");
    private static final LocalPerson BO = TestPeople.person("bo", "Bo Ek");

    @TempDir
    Path folder;

    private TestPeople house;

    @BeforeEach
    void open() {
        house = new TestPeople(folder);
        house.publish(List.of(ANA, BO), new Group("administrators", List.of("ana")), new Group("sre", List.of("bo")));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void everyone_may_read_and_review_and_administrators_may_do_all() {
        var ana = house.callers.bySession(signIn("ana")).orElseThrow();
        assertThat(ana.person().id()).isEqualTo(house.id("ana"));
        assertThat(ana.scopes()).isEqualTo(ApiScope.ALL);
        assertThat(ana.how()).isInstanceOf(Caller.How.BySession.class);
        var bo = house.callers.bySession(signIn("bo")).orElseThrow();
        assertThat(bo.scopes()).containsExactlyInAnyOrder("requests:read", "requests:review");
        assertThat(bo.may("admin")).isFalse();
    }

    @Test
    void who_is_no_administrator_any_more_is_none_at_the_next_call() {
        var cookie = signIn("ana");
        assertThat(house.callers.bySession(cookie).orElseThrow().may("admin")).isTrue();
        house.publish(List.of(ANA, BO), new Group("administrators", List.of()));
        assertThat(house.callers.bySession(cookie).orElseThrow().may("admin")).isFalse();
    }

    @Test
    void a_bearer_token_may_what_it_was_issued_for_and_no_more() {
        var text = issue("ana", "requests:read");
        var caller = house.callers.byToken(text).orElseThrow();
        assertThat(caller.person().user()).isEqualTo("ana");
        assertThat(caller.scopes()).containsExactly("requests:read");
        assertThat(caller.how()).isInstanceOf(Caller.How.ByToken.class);
        assertThat(caller.toString()).doesNotContain(text).doesNotContain("Lima");
    }

    @Test
    void a_token_may_no_more_than_its_person_may_now() {
        var text = issue("ana", "admin", "ledger:read", "requests:read");
        assertThat(house.callers.byToken(text).orElseThrow().scopes()).hasSize(3);
        house.publish(List.of(ANA, BO), new Group("auditors", List.of("ana")));
        assertThat(house.callers.byToken(text).orElseThrow().scopes())
                .containsExactlyInAnyOrder("ledger:read", "requests:read");
        house.publish(List.of(ANA, BO));
        assertThat(house.callers.byToken(text).orElseThrow().scopes()).containsExactly("requests:read");
        house.publish(List.of(ANA, BO), new Group("administrators", List.of("ana")));
        assertThat(house.callers.byToken(text).orElseThrow().may("admin")).isTrue();
    }

    @Test
    void auditors_read_the_ledger_in_a_session_too() {
        house.publish(List.of(ANA, BO), new Group("auditors", List.of("bo")));
        var bo = house.callers.bySession(signIn("bo")).orElseThrow();
        assertThat(bo.may("ledger:read")).isTrue();
        assertThat(bo.may("admin")).isFalse();
    }

    @Test
    void who_stays_is_known_for_as_long_as_who_calls() {
        var session = house.callers.bySession(signIn("bo")).orElseThrow();
        var token = house.callers.byToken(issue("bo", "requests:read")).orElseThrow();
        assertThat(house.callers.still(session).orElseThrow().scopes()).isEqualTo(session.scopes());
        assertThat(house.callers.still(token).orElseThrow().scopes()).isEqualTo(token.scopes());

        house.clock.advance(Sessions.IDLE.minusSeconds(1));
        assertThat(house.callers.still(session)).isPresent();
        house.clock.advance(Duration.ofSeconds(1)); // staying is no call
        assertThat(house.callers.still(session)).isEmpty();

        house.clock.advance(Duration.ofDays(1));
        assertThat(house.callers.still(token)).isEmpty();
    }

    @Test
    void a_cookie_is_no_token_and_a_token_no_cookie() {
        assertThat(house.callers.byToken(signIn("ana"))).isEmpty();
        assertThat(house.callers.bySession(issue("ana", "admin"))).isEmpty();
        assertThat(house.callers.bySession("")).isEmpty();
    }

    @Test
    void whoever_the_configuration_no_longer_names_is_out_at_once_and_stays_out_after_coming_back() {
        var cookie = signIn("bo");
        var text = issue("bo", "admin");
        assertThat(house.callers.byToken(text)).isPresent();

        house.publish(List.of(ANA));
        assertThat(house.callers.bySession(cookie)).isEmpty();
        assertThat(house.callers.byToken(text)).isEmpty();
        assertThat(house.memberships.membersAt("sre", house.clock.instant())).isEmpty();
        assertThat(house.entries(Code.API_TOKEN_REVOKED)).hasSize(1);

        house.clock.advance(Duration.ofMinutes(1));
        house.publish(List.of(ANA, BO));
        assertThat(house.callers.bySession(cookie)).isEmpty();
        assertThat(house.callers.byToken(text)).isEmpty();
    }

    @Test
    void a_publication_says_who_joined_and_left_by_pseudonym() {
        var changes = house.publish(List.of(ANA, BO), new Group("administrators", List.of("ana", "bo")));
        assertThat(changes.body())
                .isEqualTo(Map.of(
                        "joined",
                                Map.of("administrators", List.of(house.id("bo").value())),
                        "left", Map.of("sre", List.of(house.id("bo").value()))));
    }

    @Test
    void a_group_with_a_member_nobody_knows_is_refused_as_a_whole() {
        assertThatThrownBy(() -> house.publish(List.of(), new Group("sre", List.of("eve"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eve");
        assertThat(house.people.present()).hasSize(2);
    }

    private String signIn(String user) {
        return ((SignIn.Done) house.signIns.signIn(attempt(user, user, "192.0.2.1"))).cookie();
    }

    @Test
    void an_operator_freezes_and_neither_publishes_nor_reads_the_ledger() {
        house.publish(
                List.of(ANA, BO), new Group("operators", List.of("bo")), new Group("administrators", List.of("ana")));
        var bo = house.callers
                .byToken(issue("bo", "operate", "admin", "ledger:read"))
                .orElseThrow();
        assertThat(bo.scopes()).containsExactly("operate");
        assertThat(bo.may("admin")).isFalse();
        var ana = house.callers.byToken(issue("ana", "admin")).orElseThrow();
        assertThat(ana.may("operate"))
                .as("an administrator's right is in theirs")
                .isTrue();
    }

    private String issue(String user, String... scopes) {
        var person = house.id(user);
        return house.store
                .write(tx ->
                        house.apiTokens.issue(tx, person, Set.of(scopes), "", Duration.ofDays(1), TestPeople.OPERATOR))
                .text();
    }
}

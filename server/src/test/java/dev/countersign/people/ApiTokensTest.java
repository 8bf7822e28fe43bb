package dev.countersign.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.ledger.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiTokensTest {
    private static final LocalPerson ANA = TestPeople.person("ana", "Ana Lima");
    private static final Duration LIFETIME = Duration.ofHours(8);

    @TempDir
    Path folder;

    private TestPeople house;

    @BeforeEach
    void open() {
        house = new TestPeople(folder);
        house.publish(List.of(ANA));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void a_token_is_recognizable_and_finds_its_person_and_scopes() {
        var issued = issue(ApiScope.REQUESTS_REVIEW, ApiScope.REQUESTS_READ);
        assertThat(issued.text()).matches("cs_[A-Za-z0-9_-]{43}");
        var found = house.apiTokens.find(issued.text()).orElseThrow();
        assertThat(found).isEqualTo(issued.token());
        assertThat(found.person()).isEqualTo(house.id("ana"));
        assertThat(found.scopes()).containsExactly("requests:read", "requests:review");
        assertThat(house.apiTokens.list()).containsExactly(found);
        assertThat(house.apiTokens.list(house.id("ana"))).containsExactly(found);
    }

    @Test
    void no_other_text_finds_it() {
        var issued = issue(ApiScope.ADMIN);
        var text = issued.text();
        for (var other : List.of(
                "",
                "cs_",
                text + "A",
                text.substring(0, 45),
                text.substring(3),
                "CS" + text.substring(2),
                text + "\n")) {
            assertThat(house.apiTokens.find(other)).isEmpty();
        }
        assertThat(house.apiTokens.find("cs_" + "A".repeat(43))).isEmpty();
    }

    @Test
    void the_store_the_ledger_and_the_logs_know_no_token() {
        var issued = issue(ApiScope.ADMIN);
        var secret = issued.text().substring(3);
        var kept = house.store.read(tx -> tx.sql()
                .createQuery("SELECT id || token_hash || person || scopes || label FROM api_token")
                .mapTo(String.class)
                .one());
        assertThat(kept).doesNotContain(secret);
        assertThat(house.entries(Code.API_TOKEN_ISSUED).toString()).doesNotContain(secret);
        assertThat(issued.toString()).doesNotContain(secret);
    }

    @Test
    void a_token_ends_with_its_lifetime_though_it_is_remembered() {
        var issued = issue(ApiScope.ADMIN);
        house.clock.advance(LIFETIME.minusMillis(1));
        assertThat(house.apiTokens.find(issued.text())).isPresent();
        house.clock.advance(Duration.ofMillis(1));
        assertThat(house.apiTokens.find(issued.text())).isEmpty();
    }

    @Test
    void a_token_revoked_here_is_gone_at_once_and_once() {
        var issued = issue(ApiScope.ADMIN);
        assertThat(house.apiTokens.find(issued.text())).isPresent();
        assertThat(revoke(house.apiTokens, issued)).isTrue();
        assertThat(house.apiTokens.find(issued.text())).isEmpty();
        assertThat(revoke(house.apiTokens, issued)).isFalse();
        assertThat(house.apiTokens.list().getFirst().revoked()).contains(house.clock.instant());
    }

    @Test
    void a_token_revoked_by_another_process_is_gone_within_a_second() {
        var issued = issue(ApiScope.ADMIN);
        assertThat(house.apiTokens.find(issued.text())).isPresent();
        revoke(new ApiTokens(house.store, house.ledger, house.hash, house.clock), issued);
        house.clock.advance(Duration.ofMillis(999));
        assertThat(house.apiTokens.find(issued.text())).isEmpty();
    }

    @Test
    void issuing_and_revoking_are_in_the_ledger_once_each() {
        var issued = issue(ApiScope.LEDGER_READ);
        revoke(house.apiTokens, issued);
        revoke(house.apiTokens, issued);
        var made = house.entries(Code.API_TOKEN_ISSUED);
        assertThat(made).hasSize(1);
        assertThat(made.getFirst().actor()).isEqualTo(TestPeople.OPERATOR);
        assertThat(made.getFirst().text("person")).isEqualTo(house.id("ana").value());
        assertThat(made.getFirst().texts("scopes")).containsExactly("ledger:read");
        assertThat(made.getFirst().body().toString()).doesNotContain("laptop");
        assertThat(house.entries(Code.API_TOKEN_REVOKED)).hasSize(1);
        assertThat(house.entries(Code.API_TOKEN_REVOKED).getFirst().text("api_token"))
                .isEqualTo(issued.token().id());
    }

    @Test
    void what_makes_no_sense_is_refused_and_leaves_nothing() {
        var ana = house.id("ana");
        refused(ana, Set.of(), LIFETIME, "scopes are one or more of");
        refused(ana, Set.of("everything"), LIFETIME, "scopes are one or more of");
        refused(ana, Set.of("admin"), Duration.ZERO, "a lifetime is a second or more");
        refused(new PersonId("nobody"), Set.of("admin"), LIFETIME, "the configuration names no such person");
        house.publish(List.of());
        refused(ana, Set.of("admin"), LIFETIME, "the configuration names no such person");
        assertThat(house.apiTokens.list()).isEmpty();
        assertThat(house.entries(Code.API_TOKEN_ISSUED)).isEmpty();
    }

    private void refused(PersonId person, Set<String> scopes, Duration lifetime, String because) {
        assertThatThrownBy(() -> house.store.write(
                        tx -> house.apiTokens.issue(tx, person, scopes, "", lifetime, TestPeople.OPERATOR)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(because);
    }

    private ApiTokens.Issued issue(String... scopes) {
        var ana = house.id("ana");
        return house.store.write(
                tx -> house.apiTokens.issue(tx, ana, Set.of(scopes), "laptop", LIFETIME, TestPeople.OPERATOR));
    }

    private boolean revoke(ApiTokens tokens, ApiTokens.Issued issued) {
        return house.store.write(tx -> tokens.revoke(tx, issued.token().id(), TestPeople.OPERATOR));
    }
}

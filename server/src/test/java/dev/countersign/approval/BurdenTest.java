package dev.countersign.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.TestEntries;
import dev.countersign.people.PersonId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What waits for whom, as the ledger tells it.
final class BurdenTest {
    private static final PersonId ANA = new PersonId("ana");
    private static final PersonId BO = new PersonId("bo");
    private static final PersonId CY = new PersonId("cy");
    private static final Set<String> PAYMENTS = Set.of("payments");
    private static final Set<String> SECURITY = Set.of("security");
    private static final Set<String> BOTH = Set.of("payments", "security");

    private final Burden burden = new Burden();

    private static EntryView entry(Code code, String request, String by, Map<String, Object> body) {
        return TestEntries.by(by, TestEntries.of(1, code, Instant.EPOCH, Optional.of(request), body));
    }

    private static EntryView asked(String request, Map<String, Long> stages) {
        var all = stages.entrySet().stream()
                .map(it -> Map.of(Member.GROUP, it.getKey(), Member.VOTES, it.getValue()))
                .toList();
        return entry(Code.REQUEST_JUDGED, request, "policy", Map.of(Member.STAGES, all, Member.OWNER, "owners"));
    }

    private static EntryView votes(String request, PersonId person, String... groups) {
        return entry(
                Code.REQUEST_VOTED,
                request,
                person.value(),
                Map.of(Member.VOTE, Member.APPROVE, Member.STAGES, List.of(groups)));
    }

    private static EntryView ended(String request) {
        return entry(Code.REQUEST_ENDED, request, "system", Map.of());
    }

    private void begun() {
        burden.begin(() -> {});
    }

    private void hears(EntryView... entries) {
        burden.heard(List.of(entries));
    }

    @Test
    void nothing_is_kept_where_there_is_no_cap() {
        hears(asked("a", Map.of("payments", 1L)), votes("a", ANA, "payments"));
        hears(ended("a"), ended("b"));
        hears(asked("c", Map.of("payments", 1L)));
        assertThat(burden.kept()).isZero();
        assertThat(burden.of(ANA, PAYMENTS)).isZero();
    }

    @Test
    void nothing_is_kept_of_what_ended() {
        begun();
        hears(asked("a", Map.of("payments", 1L, "security", 1L)), votes("a", ANA, "payments"));
        assertThat(burden.kept()).isOne();
        hears(ended("a"), ended("b"));
        assertThat(burden.kept()).isZero();
        assertThat(burden.of(CY, BOTH)).isZero();
    }

    @Test
    void what_the_ledger_tells_while_the_store_is_read_is_taken_in() {
        burden.begin(() -> {
            hears(asked("a", Map.of("payments", 1L)), asked("b", Map.of("payments", 1L)));
            hears(ended("a"));
        });
        assertThat(burden.isBegun()).isTrue();
        assertThat(burden.of(ANA, PAYMENTS)).isOne();
        assertThat(burden.kept()).isOne();
    }

    @Test
    void a_store_that_cannot_be_read_is_read_again() {
        assertThatThrownBy(() -> burden.begin(() -> {
                    hears(asked("a", Map.of("payments", 1L)));
                    throw new IllegalStateException("away");
                }))
                .hasMessage("away");
        assertThat(burden.isBegun()).isFalse();
        assertThat(burden.kept()).isZero();
        begun();
        assertThat(burden.isBegun()).isTrue();
    }

    @Test
    void what_is_told_twice_counts_once() {
        begun();
        var asked = asked("a", Map.of("payments", 2L));
        hears(asked, asked, votes("a", ANA, "payments"), votes("a", ANA, "payments"));
        assertThat(burden.of(BO, PAYMENTS)).isOne();
    }

    @Test
    void a_group_whose_places_are_filled_waits_no_more() {
        begun();
        hears(asked("a", Map.of("payments", 2L, "security", 1L)));
        hears(votes("a", ANA, "payments"));
        assertThat(burden.of(CY, PAYMENTS)).as("one is left").isOne();
        hears(votes("a", BO, "payments"));
        assertThat(burden.of(CY, PAYMENTS)).isZero();
        assertThat(burden.of(CY, SECURITY)).isOne();
    }

    @Test
    void who_counts_for_either_fills_neither_alone() {
        begun();
        hears(asked("a", Map.of("payments", 1L, "security", 1L)), votes("a", ANA, "payments", "security"));
        assertThat(burden.of(BO, PAYMENTS)).isOne();
        assertThat(burden.of(CY, SECURITY)).isOne();
    }

    @Test
    void what_one_has_voted_on_waits_for_others() {
        begun();
        hears(asked("a", Map.of("payments", 2L)), votes("a", ANA, "payments"));
        assertThat(burden.of(ANA, PAYMENTS)).isZero();
        assertThat(burden.of(BO, PAYMENTS)).isOne();
    }

    @Test
    void what_is_asked_on_ones_own_side_does_not_wait_for_one() {
        begun();
        hears(asked("a", Map.of("payments", 1L)));
        assertThat(burden.of(ANA, Set.of("payments", "owners"))).isZero();
        assertThat(burden.of(ANA, PAYMENTS)).isOne();
    }
}

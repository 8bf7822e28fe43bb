package dev.countersign.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import dev.countersign.TestStores;
import dev.countersign.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MembershipsTest {
    private static final PersonId ANA = new PersonId("ana's pseudonym");
    private static final PersonId BO = new PersonId("bo's pseudonym");
    private static final Duration TICK = Duration.ofNanos(1_000);

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private Store store;
    private Memberships memberships;

    @BeforeEach
    void open() {
        store = TestStores.open(folder.resolve("countersign.db"), clock);
        memberships = new Memberships(store, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void a_member_is_one_from_the_instant_of_joining_to_the_one_of_leaving_and_not_at_it() {
        var joined = clock.instant();
        publish(Map.of("sre", Set.of(ANA)));
        clock.advance(Duration.ofHours(1));
        var left = clock.instant();
        publish(Map.of("sre", Set.of()));

        assertThat(memberships.isMember(ANA, "sre", joined.minus(TICK))).isFalse();
        assertThat(memberships.isMember(ANA, "sre", joined)).isTrue();
        assertThat(memberships.isMember(ANA, "sre", left.minus(TICK))).isTrue();
        assertThat(memberships.isMember(ANA, "sre", left)).isFalse();
        assertThat(memberships.membersAt("sre", joined)).containsExactly(ANA);
        assertThat(memberships.membersAt("sre", left)).isEmpty();
        assertThat(memberships.groupsOf(ANA, joined)).containsExactly("sre");
        assertThat(memberships.groupsOf(ANA, left)).isEmpty();
    }

    @Test
    void a_member_of_one_group_or_another_person_is_no_member() {
        publish(Map.of("sre", Set.of(ANA), "security", Set.of(BO)));
        assertThat(memberships.isMember(ANA, "security", clock.instant())).isFalse();
        assertThat(memberships.isMember(BO, "sre", clock.instant())).isFalse();
        assertThat(memberships.isMember(ANA, "nobody knows it", clock.instant()))
                .isFalse();
    }

    @Test
    void each_group_is_as_large_as_the_people_who_are_in_it_now() {
        publish(Map.of("sre", Set.of(ANA, BO), "security", Set.of(BO), "left", Set.of(ANA)));
        clock.advance(Duration.ofHours(1));
        publish(Map.of("sre", Set.of(ANA, BO), "security", Set.of(BO)));
        assertThat(store.<Map<String, Integer>>read(memberships::sizes)).isEqualTo(Map.of("sre", 2, "security", 1));
        assertThat(memberships.ofGroupAt("sre", clock.instant()))
                .extracting(Membership::person)
                .containsExactlyInAnyOrder(ANA, BO);
        assertThat(memberships.ofGroupAt("left", clock.instant())).isEmpty();

        var lapses = clock.instant().plus(Duration.ofHours(1));
        store.write(tx ->
                memberships.say(tx, new Memberships.Said(ANA, ANA, Map.of("sre", "ops"), lapses), clock.instant()));
        assertThat(memberships.ofGroupAt("sre", clock.instant())).hasSize(3);
        assertThat(store.<Map<String, Integer>>read(memberships::sizes)).containsEntry("sre", 2);
    }

    @Test
    void a_transaction_sees_what_it_has_just_written() {
        var member = store.write(tx -> {
            memberships.publish(tx, Map.of("sre", Set.of(ANA)), tx.now());
            return memberships.of(tx, ANA).stream().anyMatch(it -> it.covers(tx.now()))
                    && memberships.groupsOf(tx, ANA, tx.now()).equals(Set.of("sre"));
        });
        assertThat(member).isTrue();
    }

    @Test
    void a_publication_says_what_changed_and_leaves_the_rest_alone() {
        var joined = clock.instant();
        publish(Map.of("sre", Set.of(ANA), "security", Set.of(BO)));
        clock.advance(Duration.ofDays(1));
        var changes = publish(Map.of("sre", Set.of(ANA, BO)));

        assertThat(changes.body())
                .isEqualTo(Map.of(
                        "joined", Map.of("sre", List.of(BO.value())),
                        "left", Map.of("security", List.of(BO.value()))));
        assertThat(memberships.isMember(ANA, "sre", joined)).isTrue();
        assertThat(publish(Map.of("sre", Set.of(ANA, BO))).isEmpty()).isTrue();
    }

    @Test
    void who_leaves_and_comes_back_was_away_in_between() {
        publish(Map.of("sre", Set.of(ANA)));
        clock.advance(Duration.ofDays(1));
        publish(Map.of());
        var away = clock.instant();
        clock.advance(Duration.ofDays(1));
        publish(Map.of("sre", Set.of(ANA)));
        assertThat(memberships.isMember(ANA, "sre", away)).isFalse();
        assertThat(memberships.isMember(ANA, "sre", away.plus(Duration.ofDays(1))))
                .isTrue();
    }

    @Test
    void many_publications_in_one_instant_leave_what_the_last_one_says() {
        publish(Map.of("sre", Set.of(ANA)));
        publish(Map.of());
        assertThat(memberships.membersAt("sre", clock.instant())).isEmpty();
        publish(Map.of("sre", Set.of(ANA)));
        publish(Map.of());
        publish(Map.of("sre", Set.of(ANA)));
        assertThat(memberships.membersAt("sre", clock.instant())).containsExactly(ANA);
    }

    @Test
    void who_leaves_while_the_clock_is_set_back_is_out() {
        publish(Map.of("sre", Set.of(ANA)));
        var joined = clock.instant();
        clock.advance(Duration.ofHours(-1));
        publish(Map.of());
        assertThat(memberships.isMember(ANA, "sre", joined.plus(Duration.ofDays(1))))
                .isFalse();
        clock.advance(Duration.ofHours(1));
        publish(Map.of("sre", Set.of(ANA)));
        assertThat(memberships.isMember(ANA, "sre", clock.instant())).isTrue();
    }

    @Test
    void what_is_remembered_forgets_with_a_publication_here_and_after_a_second_for_one_elsewhere() {
        publish(Map.of("sre", Set.of(ANA)));
        assertThat(isMemberNow(ANA)).isTrue();
        publish(Map.of());
        assertThat(isMemberNow(ANA)).isFalse();

        var elsewhere = new Memberships(store, clock);
        store.write(tx -> elsewhere.publish(tx, Map.of("sre", Set.of(ANA)), tx.now()));
        assertThat(isMemberNow(ANA)).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(isMemberNow(ANA)).isTrue();
    }

    @Test
    void a_publication_that_is_taken_back_changed_nothing() {
        assertThat(isMemberNow(ANA)).isFalse();
        try {
            store.write(tx -> {
                memberships.publish(tx, Map.of("sre", Set.of(ANA)), tx.now());
                throw new IllegalStateException("taken back");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("taken back");
        }
        clock.advance(Duration.ofSeconds(1));
        assertThat(isMemberNow(ANA)).isFalse();
    }

    @Test
    void more_changes_than_a_leaf_can_name_are_counted_and_digested() {
        var many = IntStream.range(0, 201).mapToObj(i -> new PersonId("p" + i)).collect(Collectors.toSet());
        var one = publish(Map.of("sre", many)).body();
        assertThat(one).containsEntry("joined", 201).containsEntry("left", 0).containsKey("digest");
        publish(Map.of());
        clock.advance(Duration.ofDays(1));
        assertThat(publish(Map.of("sre", many)).body()).isEqualTo(one);
    }

    private boolean isMemberNow(PersonId person) {
        return memberships.isMember(person, "sre", clock.instant());
    }

    private MembershipChanges publish(Map<String, Set<PersonId>> groups) {
        return store.write(tx -> memberships.publish(tx, groups, tx.now()));
    }

    @Test
    void a_shift_that_is_long_over_is_not_read_with_each_vote_and_who_had_it_may_be_on_call_still() throws Exception {
        store.write(tx -> {
            memberships.publishOnCall(tx, Map.of("sre", Set.of(ANA, BO)), tx.now());
            return true;
        });
        clock.advance(Memberships.SHIFTS_KEPT.plusDays(9));
        shift(ANA, Memberships.SHIFTS_KEPT.plusDays(2));
        shift(ANA, Memberships.SHIFTS_KEPT.minusDays(1));
        shift(BO, Memberships.SHIFTS_KEPT.plusDays(2));
        var ana = store.<List<Membership>>read(tx -> memberships.of(tx, ANA));
        assertThat(ana).hasSize(1);
        assertThat(ana.getFirst().counts(clock.instant().minus(Memberships.SHIFTS_KEPT.minusDays(1))))
                .isTrue();
        assertThat(memberships.membersAt("sre", clock.instant())).containsExactlyInAnyOrder(ANA, BO);
        assertThat(memberships.isMember(BO, "sre", clock.instant())).isFalse();
    }

    /// One of a day that began so long ago.
    private void shift(PersonId person, Duration ago) {
        var since = clock.instant().minus(ago);
        store.write(tx -> tx.sql()
                .createUpdate("INSERT INTO on_call_shift (group_name, person, since, until, planned, ended_at)"
                        + " VALUES ('sre', :person, :since, :until, :until, :until)")
                .bind("person", person.value())
                .bind("since", since)
                .bind("until", since.plus(Duration.ofDays(1)))
                .execute());
    }
}

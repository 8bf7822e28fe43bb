package dev.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class QuorumTest {
    private static final List<Stage> OPS_AND_SECURITY = List.of(new Stage("ops", 1), new Stage("security", 1));

    @Test
    void one_person_in_two_groups_counts_once() {
        assertThat(Quorum.met(OPS_AND_SECURITY, Map.of("ana", Set.of("ops", "security"))))
                .isFalse();
        assertThat(Quorum.met(OPS_AND_SECURITY, Map.of("ana", Set.of("ops", "security"), "bo", Set.of("ops"))))
                .isTrue();
        assertThat(Quorum.met(OPS_AND_SECURITY, Map.of("ana", Set.of("ops", "security"), "bo", Set.of("security"))))
                .isTrue();
    }

    @Test
    void two_of_one_group_do_not_make_up_for_another() {
        assertThat(Quorum.met(OPS_AND_SECURITY, Map.of("ana", Set.of("ops"), "bo", Set.of("ops"))))
                .isFalse();
    }

    @Test
    void people_move_to_where_only_they_can_sit() {
        var stages = List.of(new Stage("a", 1), new Stage("b", 1), new Stage("c", 1));
        assertThat(Quorum.met(stages, Map.of("p", Set.of("a", "b"), "q", Set.of("a", "c"), "r", Set.of("a"))))
                .isTrue();
        assertThat(Quorum.met(stages, Map.of("p", Set.of("a", "b"), "q", Set.of("a", "b"), "r", Set.of("a", "b"))))
                .isFalse();
    }

    @Test
    void nobody_is_asked_means_nobody_can_agree() {
        assertThat(Quorum.met(List.of(), Map.of("ana", Set.of("ops")))).isFalse();
        assertThat(Quorum.met(OPS_AND_SECURITY, Map.of())).isFalse();
    }

    @Test
    void a_vote_decides_when_it_is_the_missing_one() {
        var voted = Map.of("ana", Set.of("ops", "security"));
        assertThat(Quorum.decides(OPS_AND_SECURITY, voted, "bo", Set.of("ops"))).isTrue();
        assertThat(Quorum.decides(OPS_AND_SECURITY, voted, "bo", Set.of("sales")))
                .isFalse();
        assertThat(Quorum.decides(OPS_AND_SECURITY, voted, "ana", Set.of("ops", "security")))
                .isFalse();
        assertThat(Quorum.decides(OPS_AND_SECURITY, Map.of(), "bo", Set.of("ops")))
                .isFalse();
        var met = Map.of("ana", Set.of("security"), "bo", Set.of("ops"));
        assertThat(Quorum.decides(OPS_AND_SECURITY, met, "cy", Set.of("ops"))).isFalse();
    }

    @Test
    void places_that_are_open() {
        var stages = List.of(new Stage("ops", 2), new Stage("security", 1));
        assertThat(Quorum.open(stages, Map.of())).containsExactly(2, 1);
        assertThat(Quorum.open(stages, Map.of("ana", Set.of("ops")))).containsExactly(1, 1);
        assertThat(Quorum.open(stages, Map.of("ana", Set.of("ops"), "bo", Set.of("security"))))
                .containsExactly(1, 0);
    }

    @Test
    void agrees_with_trying_every_seating() {
        for (int seed = 0; seed < 4_000; seed++) {
            var random = new Random(seed);
            var stages = List.of(
                    new Stage("a", 1 + random.nextInt(2)), new Stage("b", 1), new Stage("c", 1 + random.nextInt(2)));
            var people = new HashMap<String, Set<String>>();
            for (int i = 0; i < random.nextInt(7); i++) {
                people.put("p" + i, groups(random));
            }
            assertThat(Quorum.met(stages, people))
                    .as("seed %d: %s by %s", seed, stages, people)
                    .isEqualTo(seated(stages, List.copyOf(people.values())));
        }
    }

    private static Set<String> groups(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Set.of("a", "b");
            case 1 -> Set.of("b", "c");
            case 2 -> Set.of("a", "b", "c");
            case 3 -> Set.of("a");
            case 4 -> Set.of("b");
            default -> Set.of("d");
        };
    }

    /// Seats the first person in each place it may have, or nowhere, and tries the rest.
    private static boolean seated(List<Stage> stages, List<Set<String>> people) {
        var open = stages.stream().mapToInt(Stage::votes).toArray();
        return seated(stages, open, people, 0);
    }

    private static boolean seated(List<Stage> stages, int[] open, List<Set<String>> people, int next) {
        if (java.util.Arrays.stream(open).allMatch(it -> it == 0)) {
            return true;
        }
        if (next == people.size()) {
            return false;
        }
        for (int i = 0; i < open.length; i++) {
            if (open[i] > 0 && people.get(next).contains(stages.get(i).group())) {
                open[i]--;
                if (seated(stages, open, people, next + 1)) {
                    return true;
                }
                open[i]++;
            }
        }
        return seated(stages, open, people, next + 1);
    }
}

package dev.countersign.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class SharesTest {
    private final Shares shares = new Shares(12, 100);

    @Test
    void one_alone_has_half_of_the_places() {
        assertThat(fill("flood")).isEqualTo(6);
        assertThat(shares.taken()).isEqualTo(6);
        assertThat(shares.refused()).isEqualTo(1);
    }

    @Test
    void whoever_waits_for_others_keeps_a_place_and_lets_others_have_the_turn() {
        var few = new Shares(12, 1);
        try (var slow = few.take("slow")) {
            var said = slow.aside(() -> {
                assertThat(few.turnsLeft()).isEqualTo(1);
                assertThat(few.taken()).isEqualTo(1);
                try (var _ = few.take("other")) {
                    return "said";
                }
            });
            assertThat(said).isEqualTo("said");
            assertThat(few.turnsLeft()).isZero();
        }
        assertThat(few.turnsLeft()).isEqualTo(1);
        assertThat(few.taken()).isZero();
    }

    @Test
    void whoever_comes_next_finds_room_however_many_flood() {
        var floods = new ArrayList<ArrayDeque<Shares.Share>>();
        for (int i = 0; i < 5; i++) {
            floods.add(new ArrayDeque<>());
        }
        for (int round = 0; round < 30; round++) { // each tries as hard as it can while its oldest request ends
            for (int i = 0; i < 5; i++) {
                try {
                    while (true) {
                        floods.get(i).add(shares.take("flood-" + i));
                    }
                } catch (Refusal itsShare) {
                    if (!floods.get(i).isEmpty()) {
                        floods.get(i).remove().close();
                    }
                }
            }
        }
        assertThat(floods).allSatisfy(it -> assertThat(it.size()).isBetween(1, 3));
        assertThat(take("next")).isTrue();
    }

    @Test
    void those_that_flood_at_the_same_time_have_as_much_as_each_other() {
        var has = new int[3];
        for (int i = 0; i < 60; i++) {
            has[i % 3] += take("flood-" + i % 3) ? 1 : 0;
        }
        assertThat(has).containsExactly(3, 3, 3);
    }

    @Test
    void a_place_is_free_again_when_it_is_closed_and_while_it_is_left() {
        var held = new ArrayList<Shares.Share>();
        for (int i = 0; i < 6; i++) {
            held.add(shares.take("flood"));
        }
        held.getFirst().close();
        var another = shares.take("flood");
        held.getFirst().comeBack(); // whoever left for a while is not sent away
        assertThat(shares.taken()).isEqualTo(7);
        assertThat(take("flood")).isFalse();

        another.close();
        held.forEach(Shares.Share::close);
        assertThat(shares.taken()).isZero();
    }

    @Test
    void whoever_is_refused_stays_away_the_longer_the_more_is_in_work() {
        fill("flood");
        var half = refusal("flood");
        for (int i = 0; i < 6; i++) {
            shares.take("client-" + i);
        }
        var full = refusal("flood");
        assertThat(half.code).isEqualTo(ErrorCode.TEMPORARILY_UNAVAILABLE);
        assertThat(half.after()).isPositive().isLessThan(full.after());
        assertThat(full.after()).hasSeconds(10);
    }

    @Test
    void so_many_are_worked_on_at_once_and_the_next_waits_for_its_turn() throws Exception {
        var narrow = new Shares(100, 2);
        var first = narrow.take("one");
        var second = narrow.take("two");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = new CountDownLatch(1);
            var third = threads.submit(() -> {
                begun.countDown();
                try (var _ = narrow.take("three")) {
                    return List.of(narrow.taken(), narrow.turnsLeft());
                }
            });
            begun.await();
            while (narrow.waiting() == 0) {
                Thread.onSpinWait();
            }
            assertThat(narrow.taken()).isEqualTo(3);
            assertThat(third.isDone()).isFalse();
            first.close();
            assertThat(third.get()).containsExactly(2, 0);
        }
        second.close();
        assertThat(narrow.turnsLeft()).isEqualTo(2);
    }

    private int fill(String client) {
        int has = 0;
        while (take(client)) {
            has++;
        }
        return has;
    }

    private boolean take(String client) {
        try {
            shares.take(client);
            return true;
        } catch (Refusal refused) {
            return false;
        }
    }

    private Refusal refusal(String client) {
        try {
            shares.take(client);
            throw new AssertionError("there was room");
        } catch (Refusal refused) {
            return refused;
        }
    }
}

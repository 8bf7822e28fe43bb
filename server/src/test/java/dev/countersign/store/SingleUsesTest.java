package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import dev.countersign.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SingleUsesTest {
    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();

    @Test
    void a_value_is_spent_once_also_after_a_restart() {
        var until = clock.instant().plusSeconds(60);
        try (var store = open()) {
            var uses = new SingleUses(store);
            assertThat(uses.spend("jti", "a", until)).isTrue();
            assertThat(uses.spend("jti", "a", until)).isFalse();
            assertThat(uses.spend("jti", "b", until)).isTrue();
            assertThat(uses.spend("dpop", "a", until)).isTrue();
        }
        try (var store = open()) {
            assertThat(new SingleUses(store).spend("jti", "a", until)).isFalse();
        }
    }

    @Test
    void of_many_that_spend_at_once_one_does() throws Exception {
        var until = clock.instant().plusSeconds(60);
        try (var store = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var uses = new SingleUses(store);
            for (int round = 0; round < 20; round++) {
                var value = "value-" + round;
                var spends = new ArrayList<Callable<Boolean>>();
                for (int i = 0; i < 32; i++) {
                    spends.add(() -> uses.spend("jti", value, until));
                }
                int spent = 0;
                for (var answer : threads.invokeAll(spends)) {
                    spent += answer.get() ? 1 : 0;
                }
                assertThat(spent).isEqualTo(1);
            }
        }
    }

    @Test
    void a_value_is_forgotten_only_after_its_horizon_and_some_grace() {
        var until = clock.instant().plusSeconds(60);
        try (var store = open()) {
            var uses = new SingleUses(store);
            uses.spend("jti", "a", until);
            clock.advance(Duration.ofMinutes(5));
            uses.spend("jti", "b", clock.instant().plus(Duration.ofHours(1)));
            assertThat(store.write(uses::prune)).isFalse();
            assertThat(rows(store)).isEqualTo(2);
            clock.advance(Duration.ofMinutes(2));
            assertThat(store.write(uses::prune)).isFalse();
            assertThat(rows(store)).isEqualTo(1);
        }
    }

    private Store open() {
        return TestStores.open(folder.resolve("store.db"), clock);
    }

    private static long rows(Store store) {
        return store.read(tx -> tx.sql()
                .createQuery("SELECT count(*) FROM single_use")
                .mapTo(Long.class)
                .one());
    }
}

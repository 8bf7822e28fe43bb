package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class HousekeepingTest {
    @Test
    void what_is_done_once_is_tried_until_it_succeeds() {
        var tries = new AtomicInteger();
        try (var housekeeping = new Housekeeping()) {
            housekeeping.soon("a chore", () -> {
                if (tries.incrementAndGet() < 2) {
                    throw new IllegalStateException("not yet");
                }
            });
            TestGate.until(() -> tries.get() == 2);
        }
        assertThat(tries).hasValue(2);
    }
}

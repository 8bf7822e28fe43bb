package dev.countersign.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RememberedTest {
    private final TestClock clock = new TestClock();
    private final Remembered<String, String> remembered = new Remembered<>(Duration.ofSeconds(1), 2, clock);
    private final List<String> reads = new ArrayList<>();

    private Optional<String> read(String value) {
        reads.add(value);
        return Optional.of(value);
    }

    @Test
    void a_value_is_read_once_a_moment() {
        assertThat(remembered.get("a", () -> read("1"))).contains("1");
        clock.advance(Duration.ofMillis(999));
        assertThat(remembered.get("a", () -> read("2"))).contains("1");
        clock.advance(Duration.ofMillis(1));
        assertThat(remembered.get("a", () -> read("3"))).contains("3");
        assertThat(reads).containsExactly("1", "3");
    }

    @Test
    void a_clock_set_back_makes_nothing_fresh() {
        remembered.get("a", () -> read("1"));
        clock.advance(Duration.ofHours(-1));
        assertThat(remembered.get("a", () -> read("2"))).contains("2");
    }

    @Test
    void what_is_forgotten_is_read_again() {
        remembered.get("a", () -> read("1"));
        remembered.forget("a");
        assertThat(remembered.get("a", () -> read("2"))).contains("2");
        remembered.forget();
        assertThat(remembered.get("a", () -> read("3"))).contains("3");
    }

    @Test
    void a_read_that_a_change_overtook_is_not_kept() {
        remembered.get("a", () -> {
            remembered.forget("a");
            return read("stale");
        });
        assertThat(remembered.get("a", () -> read("new"))).contains("new");
        remembered.forget("a");
        remembered.get("a", () -> {
            remembered.forget();
            return read("stale");
        });
        assertThat(remembered.get("a", () -> read("newer"))).contains("newer");
    }

    @Test
    void that_there_is_none_is_not_remembered() {
        assertThat(remembered.get("a", Optional::empty)).isEmpty();
        assertThat(remembered.get("a", () -> read("1"))).contains("1");
    }

    @Test
    void memory_is_bounded() {
        for (var key : List.of("a", "b", "c")) {
            remembered.get(key, () -> read(key));
        }
        assertThat(remembered.get("c", () -> read("again"))).contains("c");
        assertThat(remembered.get("a", () -> read("again"))).contains("again");
    }
}

package dev.countersign.oncall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Whatever happens in a reading is said of that calendar.
class ReaderTest {
    private static final Rota NOTHING = new Rota(List.of(), Set.of());

    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    private static void assertSays(Reader reader, Callable<Rota> reading, String said) {
        assertThatThrownBy(() -> reader.read("x", reading))
                .isInstanceOf(Unreadable.class)
                .hasMessage(said);
    }

    @Test
    void whatever_is_thrown_in_it_is_a_fault_of_the_calendar() throws Unreadable {
        var reader = new Reader(Duration.ofMinutes(1));
        for (var it : List.of(
                new OutOfMemoryError("a test"),
                new StackOverflowError("a test"),
                new ArithmeticException("a test"),
                new IllegalStateException("a test"))) {
            assertSays(
                    reader,
                    () -> {
                        if (it instanceof RuntimeException e) {
                            throw e;
                        }
                        throw (Error) it;
                    },
                    "it cannot be read, and the log of the node that tried says why");
        }
        assertSays(
                reader,
                () -> {
                    throw new Unreadable("as it is said");
                },
                "as it is said");
        assertThat(reader.read("x", () -> NOTHING)).isEqualTo(NOTHING);
    }

    @Test
    void one_that_takes_too_long_is_given_up_and_keeps_no_other_from_being_read() throws Exception {
        var reader = new Reader(Duration.ofMillis(1));
        assertSays(reader, this::waits, "it takes too long to read: have it name the shifts of some weeks");
        ended.await();
        var patient = new Reader(Duration.ofMinutes(1));
        assertThat(patient.read("y", () -> NOTHING)).isEqualTo(NOTHING);
    }

    /// Until it is given up.
    private Rota waits() throws Exception {
        try {
            never.await();
            return NOTHING;
        } finally {
            ended.countDown();
        }
    }

    @Test
    void of_one_that_does_not_end_there_is_one_reading_at_a_time() throws Exception {
        var reader = new Reader(Duration.ofMillis(1));
        assertSays(reader, this::deaf, "it takes too long to read: have it name the shifts of some weeks");
        assertSays(reader, () -> NOTHING, "it took too long to read, and still does");
        never.countDown();
    }

    private Rota deaf() {
        while (true) {
            try {
                never.await();
                return NOTHING;
            } catch (InterruptedException _) {
                // As what looks at nothing but its own work.
            }
        }
    }

    @Test
    void what_was_given_up_ends_by_itself() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> Rota.read(
                            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                            Set.of("x"),
                            Instant.EPOCH))
                    .hasMessageContaining("it takes too long to read");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}

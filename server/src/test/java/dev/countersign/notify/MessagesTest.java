package dev.countersign.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import dev.countersign.TestStores;
import dev.countersign.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tries of one message, when one takes longer than it may.
final class MessagesTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final Messages messages = new Messages();

    @Test
    void a_try_that_fails_late_changes_nothing_of_the_one_that_has_begun_since() {
        try (var store = TestStores.open(folder.resolve("test.db"), clock)) {
            store.write(tx -> {
                messages.add(
                        tx,
                        new Message("ops", "msg_1", "", 7, Event.FREEZE_SET, "", clock.instant(), 0),
                        clock.instant());
                return true;
            });
            var first = take(store).getFirst();
            assertThat(take(store)).as("one try at a time").isEmpty();
            clock.advance(Messages.LEASE);
            var second = take(store).getFirst();
            assertThat(second.tries()).isEqualTo(first.tries() + 1);

            failed(store, first, Optional.of(SOON));
            clock.advance(SOON);
            assertThat(take(store)).as("the second try is still at it").isEmpty();
            failed(store, first, Optional.empty());
            failed(store, second, Optional.of(SOON));
            clock.advance(SOON);
            assertThat(take(store)).as("nobody gave it up").hasSize(1);
        }
    }

    private List<Message> take(Store store) {
        return store.write(tx -> messages.take(tx, "ops", false, 10));
    }

    private void failed(Store store, Message message, Optional<Duration> again) {
        store.write(tx -> {
            messages.failed(tx, message, again.map(tx.now()::plus));
            return true;
        });
    }
}

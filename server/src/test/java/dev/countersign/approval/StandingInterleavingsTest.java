package dev.countersign.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.TestEntries;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/// Who asks and who reads the ledger tell [Standing] of the same requests at the same time.
final class StandingInterleavingsTest {
    @Test
    void what_is_open_is_known_whoever_tells_of_it_first() {
        new ModelCheckingOptions()
                .iterations(Integer.getInteger("countersign.scenarios", 5))
                .invocationsPerIteration(200)
                .threads(2)
                .actorsBefore(0)
                .actorsPerThread(3)
                .actorsAfter(1)
                .minimizeFailedScenario(false)
                .check(OneClient.class);
    }

    /// What is read from the store is as old as the look at it: a request whose end was told since is over.
    @Test
    void what_ended_while_the_store_was_looked_at_is_not_open() {
        var standing = new Standing();
        standing.heard(List.of(end(1)));
        assertThat(standing.any("client")).as("nobody knows yet").isTrue();
        standing.begin(Map.of("request-1", "client", "request-2", "another"));

        assertThat(standing.any("client")).isFalse();
        assertThat(standing.any("another")).isTrue();
        standing.heard(List.of(end(2)));
        assertThat(standing.any("another")).isFalse();
    }

    private static EntryView end(int request) {
        return TestEntries.of(0, Code.REQUEST_ENDED, Instant.EPOCH, Optional.of("request-" + request), Map.of());
    }

    /// The requests of one client.
    @Param(name = "request", gen = IntGen.class, conf = "1:2")
    public static class OneClient {
        private final Standing standing = new Standing();

        public OneClient() {
            standing.begin(Map.of());
        }

        /// Made here.
        @Operation
        public void opened(@Param(name = "request") int request) {
            standing.opened("request-" + request, "client");
        }

        /// Over, as the ledger tells it.
        @Operation
        public void ended(@Param(name = "request") int request) {
            standing.heard(List.of(end(request)));
        }

        /// Whether any is open.
        @Operation
        public boolean any() {
            return standing.any("client");
        }
    }
}

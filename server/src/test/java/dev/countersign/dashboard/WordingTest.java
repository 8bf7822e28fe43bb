package dev.countersign.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import dev.countersign.TestStores;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.InForce;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Scopes;
import dev.countersign.people.People;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Surroundings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of what no configuration registers any more.
final class WordingTest {
    private static final String SERVER = "https://auth.example.com";
    private static final String CONFIGURATION = "[{\"previous\":\"%s\",\"type\":\"configuration\",\"version\":\"%s\"}]"
            .formatted("0".repeat(64), "1".repeat(64));

    @TempDir
    Path folder;

    private List<String> words(String scope, String details) {
        var clock = new TestClock(Instant.parse("2026-06-01T10:00:00Z"));
        if (!(Policy.compile(List.of(), "v1") instanceof Policy.Compiled.Ready(var policy))) {
            throw new AssertionError("no rules are rules");
        }
        var nothing = new InForce(
                Map.of(),
                Map.of(),
                policy,
                Surroundings.NONE,
                Map.of(),
                new InForce.Limits(Duration.ofMinutes(10), 20, Duration.ofSeconds(25)));
        try (var store = TestStores.open(folder.resolve("countersign.db"), clock)) {
            return new Wording(() -> nothing, new People(store, clock))
                            .items(
                                    new Allowance(
                                            Scopes.parse(scope),
                                            new AuthorizationDetails(details),
                                            Duration.ofMinutes(1)),
                                    SERVER)
                            .stream()
                            .map(RequestView.Item::words)
                            .toList();
        }
    }

    @Test
    void a_publication_is_told_in_words_also_when_the_server_is_registered_no_more() {
        assertThat(words("configuration:publish", CONFIGURATION))
                .containsExactly(
                        "Put a configuration in force",
                        "Configuration " + "1".repeat(64) + " instead of " + "0".repeat(64));
    }

    @Test
    void what_somebody_else_registered_as_that_is_as_they_wrote_it() {
        assertThat(words("other", CONFIGURATION)).first().asString().startsWith("{");
    }
}

package dev.countersign.source;

import dev.countersign.policy.Fact;
import dev.countersign.policy.SourceFacts;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonPointer;

/// A source of facts, as it is configured.
///
/// @param name the middle of its facts' names: `tickets` of `source.tickets.open`
/// @param timeout how long one answer may take
/// @param cache how long what it said is good for the same question
/// @param authorization the file of what is sent as `Authorization`, from the configuration folder; empty when
///     nothing is
public record FactSource(String name, Asked asked, Duration timeout, Duration cache, Optional<String> authorization) {
    /// The fact that a decision point gives.
    public static final String DECISION = "decision";

    /// How long one is waited for at most: whoever asks for a token waits meanwhile.
    public static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(2);

    /// How old may be what it said, at most.
    public static final Duration LONGEST_CACHE = Duration.ofMinutes(5);

    /// How long when the configuration does not say.
    public static final Duration TIMEOUT = Duration.ofSeconds(1);

    /// How it is asked.
    public sealed interface Asked {
        /// What of its JSON is read.
        List<Reading> readings();

        /// By a GET of a URL.
        record Page(Template url, List<Reading> readings) implements Asked {}

        /// By the evaluation of AuthZEN's Authorization API 1.0.
        record Decision(URI endpoint) implements Asked {
            private static final List<Reading> READINGS =
                    List.of(new Reading(DECISION, Fact.Type.TRUTH, JsonPointer.compile("/" + DECISION)));

            @Override
            public List<Reading> readings() {
                return READINGS;
            }
        }
    }

    /// The facts it gives.
    public List<Fact> facts() {
        return asked.readings().stream()
                .map(it -> SourceFacts.fact(name, it.name(), it.type()))
                .toList();
    }
}

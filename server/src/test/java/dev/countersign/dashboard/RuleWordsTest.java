package dev.countersign.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.policy.Effect;
import dev.countersign.policy.Escalation;
import dev.countersign.policy.Policy;
import dev.countersign.policy.RuleSource;
import dev.countersign.policy.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rules as sentences.
final class RuleWordsTest {
    private static String words(Effect then) {
        return Policy.compile(List.of(new RuleSource("rule", "risk == LOW", then)), "v")
                        instanceof Policy.Compiled.Ready(var policy)
                ? RuleWords.of(policy.rules().getFirst())
                : "faulty";
    }

    @Test
    void each_kind_of_rule_says_what_it_does() {
        assertThat(words(new Effect.Approve(Optional.of(Duration.ofSeconds(60)))))
                .isEqualTo("When its risk is low: it passes at once, for 1 minute at most.");
        assertThat(words(new Effect.Approve(Optional.empty())))
                .isEqualTo("When its risk is low: it passes at once, for 15 minutes at most.");
        assertThat(words(new Effect.Review(
                        List.of(new Stage("oncall", 1), new Stage("security", 2)),
                        Duration.ofMinutes(15),
                        Duration.ofMinutes(10),
                        Optional.of(Duration.ofMinutes(2)),
                        List.of("reason", "ticket"))))
                .isEqualTo("When its risk is low: 1 of oncall and 2 of security must approve within 15 minutes; "
                        + "the token lives for 2 minutes at most; it has to say its reason and its ticket.");
        var escalation = Optional.of(new Escalation(Duration.ofMinutes(10), "leads"));
        assertThat(words(Effect.Review.by(List.of(new Stage("oncall", 1, escalation)))))
                .isEqualTo("When its risk is low: 1 of oncall (after 10 minutes of leads, too) must approve within"
                        + " 15 minutes.");
        assertThat(words(new Effect.BreakTheGlass(
                        Duration.ofSeconds(60),
                        1,
                        Duration.ofDays(1),
                        List.of(new Stage("oncall", 1)),
                        Duration.ofHours(4))))
                .isEqualTo("When its risk is low: it passes before people look if the client breaks the glass, "
                        + "for 1 minute at most, once in 1 day; 1 of oncall must look at it within 4 hours.");
        assertThat(words(Effect.Deny.because("not used for {usage.idle_days} days")))
                .isEqualTo("When its risk is low: it is refused, since “not used for {usage.idle_days} days”.");
    }
}

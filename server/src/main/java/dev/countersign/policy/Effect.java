package dev.countersign.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a rule asks for when it applies.
public sealed interface Effect {
    /// The time to decide when a review rule does not say.
    Duration WITHIN = Duration.ofMinutes(15);

    /// The time to fetch the token after the decision when a review rule does not say.
    Duration COLLECT = Duration.ofMinutes(10);

    /// The longest a token lives when a rule does not say.
    Duration LIFETIME = Duration.ofMinutes(15);

    /// How long a token lives that a break-glass rule lets through, when the rule does not say.
    Duration BREAK_GLASS_LIFETIME = Duration.ofSeconds(60);

    /// How often a break-glass rule lets one client through, when it does not say.
    int TIMES = 1;

    /// In which time, when it does not say, and the time to look at it afterwards.
    Duration DAY = Duration.ofDays(1);

    /// The most this rule lets a token live; empty for [#LIFETIME].
    Optional<Duration> lifetime();

    /// The key it stands under in the configuration.
    String word();

    /// Lets it through unattended. Applies only when the condition is known to hold.
    record Approve(Optional<Duration> lifetime) implements Effect {
        @Override
        public String word() {
            return "approve";
        }
    }

    /// Puts it before people. Applies unless the condition is known not to hold.
    ///
    /// @param stages the groups that must agree, each once, at least one
    /// @param require what the client must send along: `reason`, `ticket`
    /// @param uses how many tokens one approval gives, one after the other, until `collect` is over
    /// @param ahead how long before its start it may be asked for; empty when not at all
    /// @param signed whether each vote is signed with a passkey
    /// @param substitutes whether who stands in for somebody that is away may vote in their place
    /// @param rest from how much on who approves has to rest; empty when they need not
    record Review(
            List<Stage> stages,
            Duration within,
            Duration collect,
            Optional<Duration> lifetime,
            List<String> require,
            int uses,
            Optional<Duration> ahead,
            boolean signed,
            boolean substitutes,
            Optional<Rest> rest)
            implements Effect {
        /// A review whose votes need not be signed.
        public Review(
                List<Stage> stages,
                Duration within,
                Duration collect,
                Optional<Duration> lifetime,
                List<String> require,
                int uses,
                Optional<Duration> ahead) {
            this(stages, within, collect, lifetime, require, uses, ahead, false, false, Optional.empty());
        }

        /// A review for one token, now.
        public Review(
                List<Stage> stages,
                Duration within,
                Duration collect,
                Optional<Duration> lifetime,
                List<String> require) {
            this(stages, within, collect, lifetime, require, 1, Optional.empty());
        }

        /// A review with the times that hold when a rule does not say.
        public static Review by(List<Stage> stages) {
            return new Review(stages, WITHIN, COLLECT, Optional.empty(), List.of());
        }

        @Override
        public String word() {
            return "review";
        }
    }

    /// Lets it through before people have looked, when the client asks for that. Applies only when the condition is
    /// known to hold, and beats reviews.
    ///
    /// @param times how often it lets one client through in any stretch as long as `per`
    /// @param stages the groups that look at it afterwards, each once, at least one
    /// @param within the time they have for it
    record BreakTheGlass(Duration longest, int times, Duration per, List<Stage> stages, Duration within)
            implements Effect {
        @Override
        public Optional<Duration> lifetime() {
            return Optional.of(longest);
        }

        @Override
        public String word() {
            return "break_glass";
        }
    }

    /// Refuses it. Applies unless the condition is known not to hold.
    ///
    /// @param why for reviewers, the owner and the ledger
    record Deny(Sentence why) implements Effect {
        /// A denial with that sentence.
        public static Deny because(String sentence) {
            return new Deny(new Sentence(sentence));
        }

        @Override
        public Optional<Duration> lifetime() {
            return Optional.empty();
        }

        @Override
        public String word() {
            return "deny";
        }
    }
}

package dev.countersign.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What policy says of an access request. `rule` names the rule that settled it, for the ledger and for whoever asks
/// why; `version` is the policy version it comes from.
public sealed interface Verdict {
    /// The names of all rules that spoke with this verdict's strictness, the first one first; `(no rule)` when none
    /// did.
    List<String> rules();

    /// The version in force when it was judged: lower-case hex of the configuration's SHA-256.
    String version();

    /// `approve`, `review` or `deny`.
    default String word() {
        return switch (this) {
            case Approve _ -> "approve";
            case Review _ -> "review";
            case Deny _ -> "deny";
        };
    }

    /// The rule that is shown when there is room for one.
    default String rule() {
        return rules().getFirst();
    }

    /// Goes through unattended.
    ///
    /// @param lifetime the most a token may live by any rule that applies; empty when none says, which is
    ///     [Effect#LIFETIME]
    /// @param breakGlass that it goes through since the client breaks the glass, and people look at it
    ///     afterwards; empty when it goes through as any
    record Approve(List<String> rules, String version, Optional<Duration> lifetime, Optional<BreakGlass> breakGlass)
            implements Verdict {
        /// One that goes through as any.
        public Approve(List<String> rules, String version, Optional<Duration> lifetime) {
            this(rules, version, lifetime, Optional.empty());
        }
    }

    /// People decide.
    ///
    /// @param stages all groups that must agree, each once, sorted by group
    /// @param within the time to decide
    /// @param collect the time to fetch the token after the decision
    /// @param lifetime as for [Approve]; a cap set by an approving rule that applies too counts
    /// @param require what the client must send: `reason`, `ticket`
    /// @param uses how many tokens one approval gives; what was kept before there were uses says 0 and gives one
    /// @param ahead how long before its start it may be asked for; empty when not at all
    /// @param signed whether each vote is signed with a passkey
    /// @param substitutes whether who stands in for somebody that is away may vote in their place; what was kept
    ///     before anybody could says no
    /// @param rest from how much on who approves has to rest, looked at with each vote; empty when they need not
    record Review(
            List<String> rules,
            String version,
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
            implements Verdict {
        public Review {
            uses = Math.max(1, uses);
        }

        /// The same with votes that are signed, or not.
        public Review signed(boolean signed) {
            return new Review(
                    rules, version, stages, within, collect, lifetime, require, uses, ahead, signed, substitutes, rest);
        }

        /// A review for one token, now.
        public Review(
                List<String> rules,
                String version,
                List<Stage> stages,
                Duration within,
                Duration collect,
                Optional<Duration> lifetime,
                List<String> require) {
            this(
                    rules,
                    version,
                    stages,
                    within,
                    collect,
                    lifetime,
                    require,
                    1,
                    Optional.empty(),
                    false,
                    false,
                    Optional.empty());
        }
    }

    /// Nobody may have it.
    ///
    /// @param reason the rules' sentences with their facts filled in: for reviewers and the ledger, never for the
    ///     client
    record Deny(List<String> rules, String version, String reason) implements Verdict {}
}

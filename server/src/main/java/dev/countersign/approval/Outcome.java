package dev.countersign.approval;

import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Refusal;
import java.time.Duration;
import java.time.Instant;

/// What comes of asking for a token.
public sealed interface Outcome {
    /// What became of it, for a log.
    ///
    /// @param done what a permit was used for
    default String said(String done) {
        return switch (this) {
            case Go _ -> done;
            case No(_, var said) -> said;
            case Wait _, Ready _ -> "it waits";
        };
    }

    /// A token may be minted, now.
    record Go(Permit permit) implements Outcome {}

    /// People are asked, or agreed and its start has still to come. `until` is the last moment at which it could still
    /// be collected.
    record Wait(String id, Instant until) implements Outcome {
        static Wait of(Approval.Pending it) {
            var question = it.question();
            var begins = question.request().begins();
            var last = begins.isAfter(question.decideBy()) ? begins : question.decideBy();
            return new Wait(it.id(), last.plus(question.verdict().collect()));
        }

        /// Agreed, and its start has still to come.
        static Wait of(Approval.Approved it) {
            return new Wait(it.id(), it.collectBy());
        }
    }

    /// It was approved and waits to be collected.
    record Ready(String id) implements Outcome {}

    /// No. `said` is a fixed text and a reference, for the client.
    record No(ErrorCode code, String said) implements Outcome {
        /// How soon it is worth to ask again what was refused for want of room.
        private static final Duration AGAIN = Duration.ofMinutes(1);

        /// What the client is told.
        public Refusal refusal() {
            var refusal = Refusal.of(code, said);
            return code == ErrorCode.TEMPORARILY_UNAVAILABLE ? refusal.after(AGAIN) : refusal;
        }

        static No notApproved(String id) {
            return new No(ErrorCode.ACCESS_DENIED, "this request was not approved; reference " + id);
        }
    }
}

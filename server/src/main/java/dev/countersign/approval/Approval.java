package dev.countersign.approval;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The life of a request that waits or waited.
///
///     Pending ──quorum of approvals──▶ Approved ──collected──▶ Redeemed ──▶ Revoked
///        │ ├────one denial──────────▶ Denied    │ └──policy, freeze, reviewer──▲
///        │ ├────client──────────────▶ Cancelled ◀── client ──┤
///        │ └────too late────────────▶ Expired  ◀── too late ─┘
///
/// Steps are pure: time and the word of who is eligible are handed in.
public sealed interface Approval {
    /// What was asked; the same in every state.
    Question question();

    /// The votes so far, in the order they were cast.
    List<Vote> heard();

    default String id() {
        return question().request().id();
    }

    /// The word for this state that pages, API and store use.
    default String state() {
        return switch (this) {
            case Pending _ -> "pending";
            case Approved _ -> "approved";
            case Denied _ -> "denied";
            case Expired _ -> "expired";
            case Cancelled _ -> "cancelled";
            case Redeemed _ -> "redeemed";
            case Revoked _ -> "revoked";
        };
    }

    /// Waits for votes.
    record Pending(Question question, List<Vote> heard) implements Approval {
        Pending hear(Vote vote) {
            var all = new ArrayList<>(heard);
            all.add(vote);
            return new Pending(question, List.copyOf(all));
        }

        Approved approve(Allowance granted, Instant at) {
            var from = question.request().waits(at) ? question.request().begins() : at;
            return new Approved(
                    question, heard, granted, at, from.plus(question.verdict().collect()));
        }

        Denied deny(String because, Instant at) {
            return new Denied(question, heard, because, at);
        }
    }

    /// Agreed, and waits to be collected until `collectBy`, from the start on when it has one. Nothing that comes of it
    /// lives past `until`.
    record Approved(Question question, List<Vote> heard, Allowance granted, Instant at, Instant collectBy)
            implements Approval {
        /// The time to collect, and the lifetime after it.
        public Instant until() {
            return collectBy.plus(granted.lifetime());
        }

        Redeemed redeem(MintedToken token) {
            return new Redeemed(question, heard, at, until(), token);
        }
    }

    record Denied(Question question, List<Vote> heard, String because, Instant at) implements Approval {}

    /// A timeout is a denial: nobody decided, or nobody collected.
    record Expired(Question question, List<Vote> heard, Instant at) implements Approval {}

    record Cancelled(Question question, List<Vote> heard, Instant at) implements Approval {}

    record Redeemed(Question question, List<Vote> heard, Instant approvedAt, Instant until, MintedToken token)
            implements Approval {}

    /// Taken back: before collection there is no token, after it the token is dead at `/introspect`.
    record Revoked(Question question, List<Vote> heard, String because, Instant at, Optional<MintedToken> token)
            implements Approval {}

    /// When this state ends by itself; empty for the states that last.
    default Optional<Instant> deadline() {
        return switch (this) {
            case Pending pending -> Optional.of(pending.question().decideBy());
            case Approved approved -> Optional.of(approved.collectBy());
            case Denied _, Expired _, Cancelled _, Redeemed _, Revoked _ -> Optional.empty();
        };
    }

    /// The state as it is at `now`: one whose deadline has come is expired, whoever looks first.
    default Approval asOf(Instant now) {
        return deadline().filter(it -> !now.isBefore(it)).isPresent() ? new Expired(question(), heard(), now) : this;
    }
}

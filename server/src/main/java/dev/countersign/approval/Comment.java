package dev.countersign.approval;

import dev.countersign.ledger.Entry.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// Something that was said about a request while it was pending. It decides nothing.
///
/// @param by a person, or the client itself
/// @param words their own, at most 500 characters
public record Comment(Side side, Actor by, String words, Instant at) {

    /// True when a reviewer has asked something of a pending request, and nobody has answered.
    static boolean isOpen(Approval approval, List<Comment> said) {
        return approval instanceof Approval.Pending
                && !said.isEmpty()
                && said.getLast().side() == Side.REVIEWER;
    }

    /// Who speaks: those who decide, or those who want the token.
    public enum Side {
        REVIEWER,
        REQUESTER;

        /// As it stands in tables, entries and JSON.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

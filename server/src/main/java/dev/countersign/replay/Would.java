package dev.countersign.replay;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.util.Locale;

/// What policy would have made of a request that was observed only.
public enum Would {
    /// The same token.
    APPROVED,

    /// A token, for a shorter time.
    CAPPED,

    /// People would have been asked.
    HELD,

    /// Nobody may have it.
    DENIED,

    /// People decide such a request, but it would have been refused at once: it lacks a reason or a ticket that a rule
    /// requires, or nobody could have decided it.
    REFUSED;

    /// As the ledger has it.
    ///
    /// @param minted a mint of what was observed only
    static Would of(EntryView minted) {
        return switch (minted.text(Member.VERDICT)) {
            case Member.DENY -> DENIED;
            case Member.REVIEW -> minted.text(Member.BECAUSE).isEmpty() ? HELD : REFUSED;
            case Member.APPROVE -> CAPPED;
            default -> APPROVED;
        };
    }

    /// In small letters.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.countersign.approval;

import dev.countersign.oauth.ErrorCode;

/// Why a request is refused at once. The constant's name goes into the ledger; `said` is the fixed text for the client,
/// which tells it nothing of rules or people.
public enum Because {
    POLICY("policy does not allow this request"),
    FROZEN("minting is stopped"),
    NO_REASON(ErrorCode.INVALID_REQUEST, "people decide this request: say a reason"),
    NO_TICKET(ErrorCode.INVALID_REQUEST, "people decide this request: name a ticket"),
    NO_REVIEWER("nobody could decide this request"),
    AGAIN_AFTER("the same request was not approved a short while ago"),
    BREAK_GLASS_NO_REASON(ErrorCode.INVALID_REQUEST, "whoever breaks the glass says why: send a reason"),
    BREAK_GLASS_USED_UP("the glass was broken as often as it may be: wait, or ask people"),
    BREAK_GLASS_OVERDUE("people have not looked in time at glass that was broken before, and have to first"),
    BREAK_GLASS_OBJECTED("somebody objected to glass that was broken before: an administrator has to lift that"),
    TOO_EARLY(ErrorCode.INVALID_REQUEST, "this may not be asked for so long before its start: ask later"),
    TOO_MANY_PENDING("too many requests of this client are waiting or were just cancelled: wait for some of them"),
    REVIEWERS_FULL(
            ErrorCode.TEMPORARILY_UNAVAILABLE,
            "as much as may waits already for everybody who could decide this: try again later");

    final ErrorCode code;
    final String said;

    Because(String said) {
        this(ErrorCode.INVALID_GRANT, said);
    }

    Because(ErrorCode code, String said) {
        this.code = code;
        this.said = said;
    }

    /// The fixed text for the client.
    public String said() {
        return said;
    }

    /// The word in the ledger: `again-after`.
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}

package dev.countersign.ledger;

import java.util.Locale;

/// What an entry is about. The names are stable: they are hashed into leaves. `docs/approvals.md` has the table of
/// states, events and codes.
public enum Code {
    LEDGER_OPENED,
    NODE_STARTED,
    CONFIGURATION_PUBLISHED,
    KEY_CREATED,
    KEY_RETIRED,
    REQUEST_MADE,
    REQUEST_JUDGED,
    REQUEST_VOTED,
    REQUEST_DECIDED,
    REQUEST_ENDED,
    REQUEST_REFUSED,
    TOKEN_MINTED,
    TOKEN_REDELIVERED,
    TOKEN_REVOKED,
    FREEZE_SET,
    FREEZE_LIFTED,
    API_TOKEN_ISSUED,
    API_TOKEN_REVOKED,
    PERSON_SIGNED_IN,
    PERSON_SIGN_IN_FAILED,
    BACKUP_RESTORED;

    /// The code as it stands in leaves and events: `request.made`.
    public String wire() {
        var name = name().toLowerCase(Locale.ROOT);
        int dot = name.startsWith("api_token") ? "api_token".length() : name.indexOf('_');
        return name.substring(0, dot) + "." + name.substring(dot + 1);
    }
}

package dev.countersign.ledger;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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
    REQUEST_VOTE_REFUSED,
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
    BACKUP_RESTORED,
    DISCLOSURES_ERASED;

    private static final Map<String, Code> BY_WIRE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Code::wire, Function.identity()));

    private final String wire;

    Code() {
        var name = name().toLowerCase(Locale.ROOT);
        int dot = name.startsWith("api_token") ? "api_token".length() : name.indexOf('_');
        wire = name.substring(0, dot) + "." + name.substring(dot + 1);
    }

    /// The code as it stands in leaves and events: `request.made`.
    public String wire() {
        return wire;
    }

    /// The code of that name; empty when there is none.
    public static Optional<Code> of(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }
}

package dev.countersign.ledger;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What an entry is about. The names are stable: they are hashed into leaves. `docs/approvals.md` has the table of
/// states, events and codes.
public enum Code {
    LEDGER_OPENED(Of.ANYTHING),
    NODE_STARTED(Of.ANYTHING),
    CONFIGURATION_PUBLISHED(Of.ANYTHING),
    KEY_CREATED(Of.ANYTHING),
    KEY_RETIRED(Of.ANYTHING),
    REQUEST_MADE(Of.A_REQUEST),
    REQUEST_JUDGED(Of.A_REQUEST),
    REQUEST_VOTED(Of.A_REQUEST),
    REQUEST_VOTE_REFUSED(Of.A_REQUEST),
    REQUEST_COMMENTED(Of.A_REQUEST),
    REQUEST_CLAIMED(Of.A_REQUEST),
    REQUEST_RELEASED(Of.A_REQUEST),
    REQUEST_NUDGED(Of.A_REQUEST),
    REQUEST_REASSIGNED(Of.A_REQUEST),
    REQUEST_ESCALATED(Of.A_REQUEST),
    REQUEST_DECIDED(Of.A_REQUEST),
    REQUEST_ENDED(Of.A_REQUEST),
    REQUEST_REFUSED(Of.A_REQUEST),
    TOKEN_MINTED(Of.A_REQUEST),
    TOKEN_REDELIVERED(Of.A_REQUEST),
    TOKEN_USED(Of.ANYTHING),
    TOKEN_REVOKED(Of.ANYTHING),
    BREAK_GLASS_USED(Of.A_REQUEST),
    BREAK_GLASS_REVIEWED(Of.A_REQUEST),
    BREAK_GLASS_LIFTED(Of.A_REQUEST),
    CLIENT_ATTESTED(Of.A_REQUEST),
    PASSKEY_ENROLLED(Of.A_REQUEST),
    PASSKEY_REMOVED(Of.ANYTHING),
    FREEZE_SET(Of.ANYTHING),
    FREEZE_LIFTED(Of.ANYTHING),
    API_TOKEN_ISSUED(Of.ANYTHING),
    API_TOKEN_REVOKED(Of.ANYTHING),
    PERSON_SIGNED_IN(Of.ANYTHING),
    PERSON_SIGN_IN_FAILED(Of.ANYTHING),
    PERSON_PROVISIONED(Of.ANYTHING),
    GROUP_PROVISIONED(Of.ANYTHING),
    GROUP_ON_CALL(Of.ANYTHING),
    SESSION_ENDED(Of.ANYTHING),
    PERSON_AWAY(Of.ANYTHING),
    PERSON_BACK(Of.ANYTHING),
    BACKUP_RESTORED(Of.ANYTHING),
    DISCLOSURES_ERASED(Of.ANYTHING);

    private static final Map<String, Code> BY_WIRE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Code::wire, Function.identity()));

    private enum Of {
        A_REQUEST,
        ANYTHING
    }

    private final String wire;
    private final Of of;

    Code(Of of) {
        this.of = of;
        var name = name().toLowerCase(Locale.ROOT);
        int dot = Stream.of("api_token", "break_glass")
                .filter(name::startsWith)
                .findAny()
                .map(String::length)
                .orElseGet(() -> name.indexOf('_'));
        wire = name.substring(0, dot) + "." + name.substring(dot + 1);
    }

    /// The code as it stands in leaves and events: `request.made`.
    public String wire() {
        return wire;
    }

    /// Whether there is always a request that it is about.
    boolean isOfRequest() {
        return of == Of.A_REQUEST;
    }

    /// The code of that name; empty when there is none.
    public static Optional<Code> of(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }
}

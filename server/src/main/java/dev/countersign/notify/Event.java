package dev.countersign.notify;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a notifier can be told of. The names are those of the event stream; `docs/approvals.md` has the table.
public enum Event {
    REQUEST_PENDING(Code.REQUEST_JUDGED),
    REQUEST_ESCALATED(Code.REQUEST_ESCALATED),
    REQUEST_NUDGED(Code.REQUEST_NUDGED),
    REQUEST_REASSIGNED(Code.REQUEST_REASSIGNED),
    REQUEST_VOTED(Code.REQUEST_VOTED),
    REQUEST_DECIDED(Code.REQUEST_DECIDED),
    REQUEST_ENDED(Code.REQUEST_ENDED),
    REQUEST_REDEEMED(Code.TOKEN_MINTED),
    REQUEST_REFUSED(Code.REQUEST_REFUSED),
    TOKEN_REVOKED(Code.TOKEN_REVOKED),
    BREAK_GLASS_USED(Code.BREAK_GLASS_USED),
    BREAK_GLASS_REVIEWED(Code.BREAK_GLASS_REVIEWED),
    BREAK_GLASS_LIFTED(Code.BREAK_GLASS_LIFTED),
    CLIENT_ATTESTED(Code.CLIENT_ATTESTED),
    FREEZE_SET(Code.FREEZE_SET),
    FREEZE_LIFTED(Code.FREEZE_LIFTED),
    CONFIGURATION_PUBLISHED(Code.CONFIGURATION_PUBLISHED),
    GROUP_ON_CALL(Code.GROUP_ON_CALL),
    /// Of no entry: people are told again of a request that waits.
    REQUEST_REMINDED();

    /// What is told when the configuration does not say.
    public static final List<Event> USUAL = List.of(
            REQUEST_PENDING,
            REQUEST_ESCALATED,
            REQUEST_DECIDED,
            REQUEST_ENDED,
            BREAK_GLASS_USED,
            FREEZE_SET,
            FREEZE_LIFTED);

    private static final Map<Code, Event> BY_CODE = Arrays.stream(values())
            .flatMap(it -> it.code.stream().map(code -> Map.entry(code, it)))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    private static final Map<String, Event> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Event::word, Function.identity()));

    private final Optional<Code> code;

    Event(Code code) {
        this.code = Optional.of(code);
    }

    Event() {
        this.code = Optional.empty();
    }

    /// Its name: `request.pending`.
    public String word() {
        var word = name().toLowerCase(Locale.ROOT);
        return word.startsWith("break_glass_")
                ? "break_glass." + word.substring("break_glass_".length())
                : word.replaceFirst("_", ".");
    }

    /// The names of those that entries are, in their order.
    public static List<String> words() {
        return Arrays.stream(values())
                .filter(it -> it.code.isPresent())
                .map(Event::word)
                .toList();
    }

    /// Whether it asks people to decide: the first that each of them hears of a request.
    boolean asks() {
        return this == REQUEST_PENDING || this == REQUEST_ESCALATED;
    }

    /// Whether it is the first that somebody hears of a request, and no word on what became of it.
    boolean begins() {
        return asks() || this == BREAK_GLASS_USED;
    }

    /// Whether people are told of it by name also who were told nothing of the request before.
    boolean namesPeople() {
        return begins() || this == REQUEST_REASSIGNED;
    }

    /// Whether people may cause it several times of one request.
    boolean recurs() {
        return this == REQUEST_NUDGED || this == REQUEST_REASSIGNED;
    }

    /// Whether it tells people once more of what they were asked.
    boolean reminds() {
        return this == REQUEST_REMINDED || this == REQUEST_NUDGED || this == REQUEST_REASSIGNED;
    }

    /// The event of that name; empty when there is none.
    public static Optional<Event> of(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    /// The event that an entry is; empty when nobody is told of it.
    static Optional<Event> of(EntryView entry) {
        return Optional.ofNullable(BY_CODE.get(entry.code()))
                // Of the mints, those that people decided: the others are as many as there are tokens.
                .filter(it -> it != REQUEST_REDEEMED || entry.text(Member.BY).equals(Member.BY_PEOPLE));
    }
}

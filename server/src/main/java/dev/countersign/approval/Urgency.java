package dev.countersign.approval;

import dev.countersign.store.Micros;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a pending request stands in the queue: the riskiest first, of these what has the least time left. It stays
/// as it is, so that a page that begins behind one begins there whatever comes and goes.
///
/// @param risk its level
/// @param deadline in microseconds
public record Urgency(int risk, long deadline, String id) {
    private static final Pattern TEXT = Pattern.compile("([0-9])\\.([0-9]{1,18})\\.([0-9A-Za-z-]{1,64})");

    static Urgency of(Approval approval) {
        var question = approval.question();
        return new Urgency(question.risk().level, Micros.of(question.decideBy()), approval.id());
    }

    /// Where a request stands that was looked at while it waited.
    public static Urgency of(Seen seen) {
        return of(seen.approval());
    }

    /// As it stands in URLs.
    public String text() {
        return risk + "." + deadline + "." + id;
    }

    /// What a URL says; empty when it is no such thing.
    public static Optional<Urgency> read(String text) {
        var it = TEXT.matcher(text);
        return it.matches()
                ? Optional.of(new Urgency(Integer.parseInt(it.group(1)), Long.parseLong(it.group(2)), it.group(3)))
                : Optional.empty();
    }
}

package dev.countersign.usage;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// That people have agreed that a client is still needed, until its next token or that time.
///
/// @param request the access request by which they did
public record Attested(String request, Instant at, Instant until) {
    private static final Duration DAY = Duration.ofDays(1);

    /// Whether it holds at that time.
    public boolean holds(Instant now) {
        return now.isBefore(until);
    }

    /// For how many more days it holds, rounded up; 0 when it does not.
    long days(Instant now) {
        return holds(now) ? Duration.between(now, until).plus(DAY).minusNanos(1).toDays() : 0;
    }

    static Attested of(EntryView entry) {
        return new Attested(entry.request().orElse(""), entry.at(), Instant.ofEpochMilli(entry.number(Member.UNTIL)));
    }

    List<Object> form() {
        return List.of(request, at.toEpochMilli(), until.toEpochMilli());
    }

    static Attested of(Form form) {
        return new Attested(form.text(), form.instant(), form.instant());
    }
}

package dev.countersign.approval;

import dev.countersign.oauth.Risk;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How people vote, read from the newest votes. However long the past is, no more of it is read than [#MOST] votes.
public final class ReviewHabits {
    /// The most votes that are looked at.
    public static final int MOST = 5_000;

    private static final Duration HOUR = Duration.ofHours(1);

    /// A vote that was cast.
    ///
    /// @param took from when its request was shown to who cast it; empty when that is not known
    record Cast(String person, boolean approves, Instant at, Risk risk, Optional<Duration> took) {}

    /// The habit since then, of the newest votes.
    public ReviewHabit since(Tx tx, Instant since) {
        return of(tx.sql()
                .createQuery("""
                        SELECT newest.person, newest.word, newest.cast_at, approval.risk, request_shown.shown_at
                        FROM (SELECT approval_id, person, word, cast_at FROM vote
                              ORDER BY approval_id DESC LIMIT :most) newest
                        JOIN approval ON approval.id = newest.approval_id
                        LEFT JOIN request_shown ON request_shown.approval_id = newest.approval_id
                                               AND request_shown.person = newest.person
                        WHERE newest.cast_at >= :since""")
                .bind("most", MOST)
                .bind("since", Micros.of(since))
                .map((row, _) -> {
                    var at = Micros.instant(row.getLong(3));
                    long shown = row.getLong(5);
                    var took = row.wasNull()
                            ? Optional.<Duration>empty()
                            : Optional.of(Duration.between(Micros.instant(shown), at));
                    return new Cast(
                            row.getString(1),
                            row.getString(2).equals(Vote.Word.APPROVE.name()),
                            at,
                            risk(row.getInt(4)),
                            took);
                })
                .list());
    }

    private static Risk risk(int level) {
        return Arrays.stream(Risk.values())
                .filter(it -> it.level == level)
                .findFirst()
                .orElseThrow();
    }

    static ReviewHabit of(List<Cast> all) {
        var byPerson = all.stream().collect(Collectors.groupingBy(Cast::person));
        var byRisk = all.stream().collect(Collectors.groupingBy(Cast::risk));
        return new ReviewHabit(
                byPerson.size(),
                byPerson.values().stream().mapToInt(List::size).max().orElse(0),
                byPerson.values().stream().mapToInt(ReviewHabits::peak).max().orElse(0),
                byRisk.entrySet().stream()
                        .map(it -> ReviewHabit.OfRisk.of(it.getKey(), it.getValue()))
                        .sorted(Comparator.comparing(
                                (Function<ReviewHabit.OfRisk, Risk>) ReviewHabit.OfRisk::risk,
                                Comparator.reverseOrder()))
                        .toList());
    }

    /// The most approvals of one person in an hour, whenever that began.
    private static int peak(List<Cast> ofOne) {
        var hour = new ArrayDeque<Instant>();
        int most = 0;
        for (var at :
                ofOne.stream().filter(Cast::approves).map(Cast::at).sorted().toList()) {
            hour.add(at);
            while (!hour.getFirst().isAfter(at.minus(HOUR))) {
                hour.removeFirst();
            }
            most = Math.max(most, hour.size());
        }
        return most;
    }
}

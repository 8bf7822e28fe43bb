package dev.countersign.dashboard;

import dev.countersign.approval.DecisionTimes;
import dev.countersign.approval.ExpectedWait;
import dev.countersign.approval.InForce;
import dev.countersign.approval.ReviewHabit;
import dev.countersign.approval.ReviewHabits;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.issued.Revocations;
import dev.countersign.oauth.Risk;
import dev.countersign.people.ApiScope;
import dev.countersign.store.Store;
import dev.countersign.usage.Daily.Came;
import dev.countersign.usage.Daily.Day;
import dev.countersign.usage.Privilege;
import dev.countersign.usage.Profiles;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// `/overview`: what waits now, how long people take, and what became of requests.
final class OverviewPages {
    private static final int DAYS = 30;
    private static final int STEP = 12;
    private static final List<Bars.Series> PRIVILEGE =
            List.of(new Bars.Series("taken", "c-passed"), new Bars.Series("granted and not taken", "c-asked"));

    private final Door door;
    private final Store store;
    private final Profiles profiles;
    private final Renderer renderer;
    private final Supplier<InForce> inForce;
    private final InstantSource clock;
    private final DecisionTimes times = new DecisionTimes();
    private final ReviewHabits habits = new ReviewHabits();

    OverviewPages(
            Door door,
            Store store,
            Profiles profiles,
            Renderer renderer,
            Supplier<InForce> inForce,
            InstantSource clock) {
        this.door = door;
        this.store = store;
        this.profiles = profiles;
        this.renderer = renderer;
        this.inForce = inForce;
        this.clock = clock;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var frame = door.frame(visit, "Overview", Section.OVERVIEW);
            return Reply.html(
                    200,
                    renderer.page(frame, view(clock.instant(), visit.caller().may(ApiScope.ADMIN))));
        });
    }

    /// @param administers whether the viewer is told how people vote
    private OverviewView view(Instant now, boolean administers) {
        var days = days(LocalDate.ofInstant(now, ZoneOffset.UTC));
        return store.read(tx -> new OverviewView(
                waiting(times.waiting(tx), now),
                uncollected(times.uncollected(tx), now),
                profiles.privilege().map(it -> live(it, Revocations.unexpired(tx), now)),
                Optional.of(Bars.of(days, STEP)).filter(Bars::any),
                share(days),
                times(times.since(tx, now.minus(Duration.ofDays(DAYS)))),
                profiles.privilege().map(it -> privilege(it.last(DAYS, LocalDate.ofInstant(now, ZoneOffset.UTC)))),
                administers
                        ? Optional.of(habit(habits.since(tx, now.minus(Duration.ofDays(DAYS)))))
                        : Optional.empty()));
    }

    private static OverviewView.Uncollected uncollected(DecisionTimes.Uncollected it, Instant now) {
        return new OverviewView.Uncollected(it.count(), it.first().map(first -> Left.of(now, first)));
    }

    private static OverviewView.Live live(Privilege it, long revoked, Instant now) {
        return new OverviewView.Live(
                Math.max(0, it.unexpired(now) - revoked), it.endingBy(now, now.plus(OverviewView.SOON)));
    }

    private OverviewView.Privilege privilege(List<Privilege.Day> days) {
        var columns = days.stream()
                .map(it -> new Bars.Column(it.date(), List.of(it.taken(), Math.max(0, it.granted() - it.taken()))))
                .toList();
        long granted = days.stream().mapToLong(Privilege.Day::granted).sum();
        long taken = days.stream().mapToLong(Privilege.Day::taken).sum();
        int clients = inForce.get().clients().size();
        var line =
                "Tokens that could live for %s were granted, and such for %s were taken. %s with standing access would have had %s."
                        .formatted(
                                minutes(granted),
                                minutes(taken),
                                clients == 1 ? "One client" : Numbers.of(clients) + " clients",
                                minutes(clients * Duration.ofDays(DAYS).toSeconds()));
        return new OverviewView.Privilege(
                Optional.of(Bars.of(PRIVILEGE, columns, STEP, OverviewPages::minutes))
                        .filter(Bars::any),
                line);
    }

    private static String minutes(long seconds) {
        long minutes = Math.ceilDiv(seconds, 60L);
        return Numbers.of(minutes) + (minutes == 1 ? " minute" : " minutes");
    }

    private static OverviewView.Habit habit(ReviewHabit it) {
        return new OverviewView.Habit(
                it.people() == 0
                        ? ""
                        : "%s by %s; the one who voted most cast %d %% of them. The most that one person approved in an hour is %d."
                                .formatted(
                                        Numbers.of(it.votes()) + (it.votes() == 1 ? " vote" : " votes"),
                                        it.people() == 1 ? "one person" : it.people() + " people",
                                        100L * it.busiest() / it.votes(),
                                        it.peak()),
                it.byRisk().stream().map(OverviewPages::voted).toList());
    }

    private static OverviewView.Voted voted(ReviewHabit.OfRisk it) {
        return new OverviewView.Voted(
                it.risk(),
                it.votes(),
                100L * it.approvals() / it.votes() + " %",
                it.median().map(Moment::words).orElse(""),
                it.hasty());
    }

    /// The riskiest first.
    private static Stream<Risk> risks() {
        return Stream.of(Risk.CRITICAL, Risk.HIGH, Risk.MEDIUM, Risk.LOW);
    }

    private static List<OverviewView.Waiting> waiting(List<DecisionTimes.Waiting> waiting, Instant now) {
        return risks().map(risk -> waiting.stream()
                        .filter(it -> it.risk() == risk.level)
                        .findFirst()
                        .map(it -> new OverviewView.Waiting(risk, it.count(), Optional.of(Left.of(now, it.next()))))
                        .orElse(new OverviewView.Waiting(risk, 0, Optional.empty())))
                .toList();
    }

    private static List<OverviewView.Times> times(List<DecisionTimes.Taken> taken) {
        return risks().flatMap(risk -> times(risk, taken).stream()).toList();
    }

    private static Optional<OverviewView.Times> times(Risk risk, List<DecisionTimes.Taken> taken) {
        var sorted = taken.stream()
                .filter(it -> it.risk() == risk.level)
                .map(DecisionTimes.Taken::took)
                .sorted()
                .toList();
        return sorted.isEmpty()
                ? Optional.empty()
                : Optional.of(new OverviewView.Times(
                        risk,
                        sorted.size(),
                        Moment.words(ExpectedWait.part(sorted, 50)),
                        Moment.words(ExpectedWait.part(sorted, 95))));
    }

    /// Of all clients that are registered now.
    private List<Day> days(LocalDate today) {
        var sums = new ArrayList<Map<Came, Long>>();
        for (int i = 0; i < DAYS; i++) {
            sums.add(new EnumMap<>(Came.class));
        }
        for (var client : inForce.get().clients().keySet()) {
            var days = profiles.daysOf(client).map(it -> it.last(DAYS, today)).orElse(List.of());
            for (int i = 0; i < days.size(); i++) {
                var sum = sums.get(i);
                days.get(i).counts().forEach((came, count) -> sum.merge(came, count, Long::sum));
            }
        }
        return IntStream.range(0, DAYS)
                .mapToObj(i -> new Day(today.minusDays(DAYS - 1L - i), sums.get(i)))
                .toList();
    }

    private static String share(List<Day> days) {
        long passed = sum(days, Came.PASSED);
        long asked = sum(days, Came.ASKED);
        if (passed + asked == 0) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "Of %,d requests that policy did not refuse, %,d passed without people (%.1f %%), and people were asked about %,d.",
                passed + asked,
                passed,
                100.0 * passed / (passed + asked),
                asked);
    }

    private static long sum(List<Day> days, Came came) {
        return days.stream().mapToLong(it -> it.count(came)).sum();
    }
}

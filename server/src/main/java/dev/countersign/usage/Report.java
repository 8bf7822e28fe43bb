package dev.countersign.usage;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What usage tells of one request: findings, worst first, and what each adds to the score.
///
/// @param terms points by finding; no score stands without them
public record Report(List<Finding> findings, TreeMap<String, Integer> terms) {
    private static final int MOST = 100;
    private static final int MOST_SURPRISE = 40;
    private static final int MOST_SHAPE = 20;
    private static final int POINTS_A_BIT = 4;
    private static final double ODD = 0.01;
    private static final double VERY_ODD = 0.001;
    private static final int CANNED = 5;
    private static final int UNCOLLECTED = 3;
    private static final int PEERS = 3;
    private static final int NAMED = 3;

    /// Of what is unknown there is nothing to tell.
    public static Report of(UsageFacts facts) {
        return switch (facts) {
            case UsageFacts.Unknown _ -> new Report(List.of(), new TreeMap<>());
            case UsageFacts.Known known -> new Writer(known).report();
        };
    }

    /// The points in all, 0 to 100.
    public int score() {
        return Math.min(MOST, terms.values().stream().mapToInt(it -> it).sum());
    }

    /// Each as `burst 15`, sorted.
    public List<String> written() {
        return terms.entrySet().stream()
                .map(it -> it.getKey() + " " + it.getValue())
                .toList();
    }

    private record Found(Finding finding, int points) {}

    private static final class Writer {
        private final UsageFacts.Known known;
        private final Signs signs;
        private final List<Found> found = new ArrayList<>();
        private int surprise;
        private int shape;

        Writer(UsageFacts.Known known) {
            this.known = known;
            this.signs = known.signs();
        }

        Report report() {
            dormancy();
            first();
            hour();
            burst();
            signs.strange().forEach(this::strange);
            shape();
            if (signs.frozen()) {
                add(
                        Finding.DRIFT,
                        Finding.Tone.UNUSUAL,
                        0,
                        "its last days differ from the weeks before (%d of 100); nothing is learned until people approve a request or a freeze is lifted"
                                .formatted(Math.round(100 * signs.divergence())));
            }
            if (found.isEmpty() && known.mature()) {
                add(Finding.REGULAR, Finding.Tone.GOOD, 0, regular());
            }
            if (signs.attestedDays() > 0) {
                add(
                        Finding.ATTESTED,
                        Finding.Tone.GOOD,
                        0,
                        "its owner attested that it is still needed, for its next token within "
                                + days(signs.attestedDays()));
            }
            var terms = new TreeMap<String, Integer>();
            found.stream()
                    .filter(it -> it.points() > 0)
                    .forEach(it -> terms.merge(it.finding().code(), it.points(), Integer::sum));
            var findings = found.stream()
                    .sorted(Comparator.comparing((Found it) -> it.finding().tone())
                            .thenComparingInt(it -> -it.points()))
                    .map(Found::finding)
                    .toList();
            return new Report(findings, terms);
        }

        private void add(String code, Finding.Tone tone, int points, String sentence) {
            found.add(new Found(new Finding(code, tone, sentence), points));
        }

        private void unusual(String code, int points, String sentence) {
            add(code, Finding.Tone.UNUSUAL, points, sentence);
        }

        private void dormancy() {
            if (known.revived()) {
                unusual(Finding.REVIVED, 20, idle());
            } else if (known.dormant()) {
                unusual(Finding.DORMANT, 10, idle());
            }
            var scopes = signs.dormant().stream()
                    .filter(it -> it.idleDays() > known.idleDays())
                    .toList();
            if (!scopes.isEmpty()) {
                unusual(
                        Finding.DORMANT_SCOPE,
                        10,
                        scopes.stream()
                                        .limit(NAMED)
                                        .map(it -> "`" + it.scope() + "` last used " + days(it.idleDays()) + " ago"
                                                + usually(
                                                        it.gaps().usual(),
                                                        it.gaps().count()))
                                        .collect(Collectors.joining("; "))
                                + more(scopes.size()));
            }
        }

        private String idle() {
            return known.use().isPresent()
                    ? "last used " + days(known.idleDays()) + " ago" + usually(known.usualGap(), known.gaps())
                    : "never used since it was registered " + days(known.idleDays()) + " ago";
        }

        private static String usually(long gap, long gaps) {
            return gaps == 0 ? "" : ", usually within " + days(gap) + " (" + count(gaps, "gap") + ")";
        }

        private void first() {
            var scopes = known.firstTimeScopes();
            int points = firstPoints();
            if (!scopes.isEmpty()) {
                var opening = known.use().isPresent() ? "first " : "first token ever, with ";
                unusual(Finding.FIRST_SCOPE, points, opening + names(scopes) + peers());
            }
            if (!signs.firstTypes().isEmpty()) {
                unusual(
                        Finding.FIRST_DETAILS,
                        scopes.isEmpty() ? points : 0,
                        "first details of type " + names(signs.firstTypes()) + peers());
            }
            if (signs.firstResource() && known.use().isPresent()) {
                unusual(
                        Finding.FIRST_RESOURCE,
                        0,
                        "first token for this API, after " + count(known.uses(), "token") + " for others");
            }
            boolean anything = !scopes.isEmpty() || !signs.firstTypes().isEmpty();
            if (anything && signs.peers() >= PEERS && signs.peersUsing() == 0) {
                unusual(
                        Finding.OUT_OF_PEER,
                        0,
                        "none of " + signs.peers() + " clients with the same owner or tag had it in 30 days");
            }
        }

        /// 25 when no peer has it, down to none when all do; 10 more when nobody at all ever had it.
        private int firstPoints() {
            double share = (signs.peersUsing() + 0.5) / (signs.peers() + 1);
            return (int) Math.round(25 * (1 - share)) + (signs.firstEver() ? 10 : 0);
        }

        private String peers() {
            return signs.peers() == 0 || signs.peersUsing() == 0
                    ? ""
                    : "; " + signs.peersUsing() + " of " + signs.peers()
                            + " clients with the same owner or tag had it in 30 days";
        }

        private void hour() {
            signs.hour().filter(it -> it.tail() < ODD).ifPresent(it -> {
                boolean very = it.tail() < VERY_ODD;
                unusual(
                        very ? Finding.VERY_ODD_HOUR : Finding.ODD_HOUR,
                        surprise(it.bits()),
                        "%s %02d:00 UTC; %s of its use is expected in hours as rare (%s on %s)"
                                .formatted(
                                        day(signs.hourOfWeek()),
                                        signs.hourOfWeek() % 24,
                                        percent(it.tail()),
                                        count(signs.hours(), "hour"),
                                        days(signs.days())));
            });
        }

        private void burst() {
            signs.burst().ifPresent(it -> {
                var sentence = "%s in %s, usually %s (%s behind that)"
                        .formatted(
                                count(it.count(), "request"),
                                count(it.minutes(), "minute"),
                                decimal(it.mean()),
                                count(it.behind(), "such window"));
                if (it.isStorm()) {
                    add(Finding.STORM, Finding.Tone.ALARMING, 30, sentence);
                } else {
                    unusual(Finding.BURST, 15, sentence);
                }
            });
        }

        private void strange(Signs.Strange it) {
            var known = it.known() + " known from " + count(it.uses(), "use");
            int points = surprise(it.bits());
            switch (it.what()) {
                case "network" -> unusual(Finding.NEW_NETWORK, points, "new network; " + known);
                case "agent" -> unusual(Finding.NEW_AGENT, points, "new user agent; " + known);
                case "credential" -> unusual(Finding.NEW_CREDENTIAL, points, "new key or secret; " + known);
                case "method" -> unusual(Finding.NEW_METHOD, points, "new way to authenticate; " + known);
                default -> throw new IllegalArgumentException(it.what());
            }
        }

        /// Four points a bit, all of them together 40 at most.
        private int surprise(double bits) {
            int points = Math.min((int) Math.round(POINTS_A_BIT * bits), MOST_SURPRISE - surprise);
            surprise += points;
            return points;
        }

        private void shape() {
            var lifetime = signs.lifetime();
            if (lifetime.above()) {
                shape(
                        Finding.LONG_LIFETIME,
                        5,
                        "asks for %s; 95 of 100 earlier were %s or less (%s)"
                                .formatted(
                                        time(lifetime.asked()), time(lifetime.usual()), count(lifetime.uses(), "use")));
            }
            var breadth = signs.breadth();
            if (breadth.above()) {
                shape(
                        Finding.BROAD,
                        5,
                        "asks for %d things at once; 95 of 100 earlier were %d or fewer (%s)"
                                .formatted(breadth.asked(), breadth.usual(), count(breadth.uses(), "use")));
            }
            if (signs.sameReason() > CANNED) {
                shape(Finding.CANNED_REASON, 5, "the same reason " + count(signs.sameReason(), "time") + " today");
            }
            if (signs.denied() > 0) {
                shape(
                        Finding.ASKED_AGAIN,
                        (int) Math.min(MOST_SHAPE, 5 * signs.denied()),
                        "people denied the same " + count(signs.denied(), "time") + " in the last 24 hours");
            }
            if (signs.uncollected() >= UNCOLLECTED) {
                shape(
                        Finding.UNCOLLECTED,
                        5,
                        count(signs.uncollected(), "approval") + " of the last 30 days were never collected");
            }
            var unused = signs.unused();
            if (unused.days() > 0) {
                shape(
                        Finding.UNUSED_TOKENS,
                        5,
                        "none of its tokens for this API was seen in use on its last %s with any; before, one was on %d of %d"
                                .formatted(days(unused.days()), unused.seen(), unused.of()));
            }
        }

        private void shape(String code, int points, String sentence) {
            int room = Math.min(points, MOST_SHAPE - shape);
            shape += room;
            unusual(code, room, sentence);
        }

        private String regular() {
            var days = known.use().map(Counter::days).orElse(0L);
            return "used " + count(known.uses(), "time") + " on " + days(days) + ", last "
                    + (known.idleDays() == 0 ? "within a day" : days(known.idleDays()) + " ago");
        }

        private static String names(List<String> names) {
            return names.stream().limit(NAMED).map(it -> "`" + it + "`").collect(Collectors.joining(", "))
                    + more(names.size());
        }

        private static String more(int all) {
            return all > NAMED ? " and " + (all - NAMED) + " more" : "";
        }

        private static String days(long days) {
            return count(days, "day");
        }

        private static String count(long number, String noun) {
            return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
        }

        private static String decimal(double value) {
            return value < 0.01 ? "under 0.01" : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
        }

        private static String percent(double share) {
            return share < VERY_ODD / 10 ? "under 0.01 %" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
        }

        private static String day(int hourOfWeek) {
            return DayOfWeek.of(hourOfWeek / 24 + 1).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        }

        private static String time(long seconds) {
            var time = Duration.ofSeconds(seconds);
            return seconds < 120 ? seconds + " s" : seconds < 7200 ? time.toMinutes() + " min" : time.toHours() + " h";
        }
    }
}

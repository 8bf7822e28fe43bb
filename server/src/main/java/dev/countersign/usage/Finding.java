package dev.countersign.usage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// One fact about a request that a reviewer can check.
///
/// @param code how policies and the ledger name it
/// @param sentence the fact with its numbers
public record Finding(String code, Tone tone, String sentence) {
    /// How it bears on the request, worst first.
    public enum Tone {
        ALARMING,
        UNUSUAL,
        GOOD
    }

    /// Nobody asked for this before.
    public static final String FIRST_SCOPE = "first_scope";
    /// Unused for long.
    public static final String DORMANT = "dormant";
    /// The same request is pending from another credential or network.
    public static final String ELSEWHERE = "elsewhere";
    /// Used often, and of late.
    public static final String REGULAR = "regular";

    private static final int NAMED = 3;

    /// What usage tells, worst first.
    public static List<Finding> of(UsageFacts facts) {
        return switch (facts) {
            case UsageFacts.Unknown _ -> List.of();
            case UsageFacts.Known known -> of(known);
        };
    }

    private static List<Finding> of(UsageFacts.Known known) {
        var all = new ArrayList<Finding>();
        if (known.dormant()) {
            all.add(new Finding(DORMANT, Tone.UNUSUAL, idle(known)));
        }
        if (!known.firstTimeScopes().isEmpty()) {
            all.add(new Finding(FIRST_SCOPE, Tone.UNUSUAL, first(known)));
        }
        if (all.isEmpty() && known.mature()) {
            all.add(new Finding(REGULAR, Tone.GOOD, regular(known)));
        }
        return List.copyOf(all);
    }

    /// Another request for the same, without a key, waits already and came from another credential or network.
    public static Finding elsewhere() {
        return new Finding(ELSEWHERE, Tone.ALARMING, "the same is pending from elsewhere");
    }

    /// The same, worst first.
    public static List<Finding> worstFirst(Collection<Finding> findings) {
        return findings.stream().sorted(Comparator.comparing(Finding::tone)).toList();
    }

    /// The codes of what is unusual, as the fact `findings` has them; good news is not among them.
    public static List<String> codes(Collection<Finding> findings) {
        return findings.stream()
                .filter(it -> it.tone() != Tone.GOOD)
                .map(Finding::code)
                .distinct()
                .sorted()
                .toList();
    }

    private static String idle(UsageFacts.Known known) {
        return known.use().isPresent()
                ? "last used " + count(known.idleDays(), "day") + " ago"
                : "never used since it was registered " + count(known.idleDays(), "day") + " ago";
    }

    private static String first(UsageFacts.Known known) {
        var scopes = known.firstTimeScopes();
        var named = scopes.stream().limit(NAMED).map(it -> "`" + it + "`").collect(Collectors.joining(", "));
        var more = scopes.size() > NAMED ? " and " + (scopes.size() - NAMED) + " more" : "";
        return (known.use().isPresent() ? "first " : "first token ever, with ") + named + more;
    }

    private static String regular(UsageFacts.Known known) {
        var days = known.use().map(Counter::days).orElse(0L);
        return "used " + count(known.uses(), "time") + " on " + count(days, "day") + ", last "
                + (known.idleDays() == 0 ? "within a day" : count(known.idleDays(), "day") + " ago");
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}

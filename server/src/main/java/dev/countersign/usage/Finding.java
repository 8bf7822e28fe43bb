package dev.countersign.usage;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// One fact about a request that a reviewer can check. `docs/findings.md` has the formula of each.
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

    /// Unused for long.
    public static final String DORMANT = "dormant";
    /// Unused for very long; dormant, too.
    public static final String REVIVED = "revived";
    /// Used, but one of the scopes not for long.
    public static final String DORMANT_SCOPE = "dormant_scope";
    /// It never asked for this before.
    public static final String FIRST_SCOPE = "first_scope";
    /// It never asked this API for anything before.
    public static final String FIRST_RESOURCE = "first_resource";
    /// It never asked for details of this type before.
    public static final String FIRST_DETAILS = "first_details";
    /// None of its peers has what it asks for the first time.
    public static final String OUT_OF_PEER = "out_of_peer";
    /// At a time of the week at which it hardly ever asks.
    public static final String ODD_HOUR = "odd_hour";
    /// At one at which it all but never does; odd, too.
    public static final String VERY_ODD_HOUR = "very_odd_hour";
    /// More requests than usual.
    public static final String BURST = "burst";
    /// Very many more; a burst, too.
    public static final String STORM = "storm";
    /// From where it never asked before.
    public static final String NEW_NETWORK = "new_network";
    /// By a program that never asked for it before.
    public static final String NEW_AGENT = "new_agent";
    /// With a key or secret that it never used before.
    public static final String NEW_CREDENTIAL = "new_credential";
    /// Authenticated as it never was before.
    public static final String NEW_METHOD = "new_method";
    /// For longer than usual.
    public static final String LONG_LIFETIME = "long_lifetime";
    /// For more at once than usual.
    public static final String BROAD = "broad";
    /// For the reason it gives all day long.
    public static final String CANNED_REASON = "canned_reason";
    /// People have just said no to it.
    public static final String ASKED_AGAIN = "asked_again";
    /// It does not fetch what it is granted.
    public static final String UNCOLLECTED = "uncollected";
    /// It does not use what it is given, and did before.
    public static final String UNUSED_TOKENS = "unused_tokens";
    /// Its last days are unlike the weeks before.
    public static final String DRIFT = "drift";
    /// The same request is pending from another credential or network.
    public static final String ELSEWHERE = "elsewhere";
    /// People have attested that it is still needed.
    public static final String ATTESTED = "attested";
    /// Used often, and of late.
    public static final String REGULAR = "regular";

    /// All that is unusual.
    public static final List<String> UNUSUAL = List.of(
            DORMANT,
            REVIVED,
            DORMANT_SCOPE,
            FIRST_SCOPE,
            FIRST_RESOURCE,
            FIRST_DETAILS,
            OUT_OF_PEER,
            ODD_HOUR,
            VERY_ODD_HOUR,
            BURST,
            STORM,
            NEW_NETWORK,
            NEW_AGENT,
            NEW_CREDENTIAL,
            NEW_METHOD,
            LONG_LIFETIME,
            BROAD,
            CANNED_REASON,
            ASKED_AGAIN,
            UNCOLLECTED,
            UNUSED_TOKENS,
            DRIFT,
            ELSEWHERE);

    /// What stands for less, too, so that a rule about the lesser does not miss it.
    private static final Map<String, String> IMPLIED = Map.of(REVIVED, DORMANT, VERY_ODD_HOUR, ODD_HOUR, STORM, BURST);

    /// What says that something is dormant or asked for the first time.
    public static final Set<String> UNFAMILIAR =
            Set.of(DORMANT, REVIVED, DORMANT_SCOPE, FIRST_SCOPE, FIRST_RESOURCE, FIRST_DETAILS);

    /// The names of the facts that have its numbers.
    public List<String> facts() {
        return switch (code) {
            case DORMANT, REVIVED -> List.of("usage.idle_days", "usage.gap_days", "usage.gaps");
            case DORMANT_SCOPE -> List.of("usage.dormant_scopes");
            case FIRST_SCOPE -> List.of("usage.first_time_scopes", "usage.peers", "usage.peers_using");
            case FIRST_RESOURCE -> List.of("usage.first_resource", "usage.uses");
            case FIRST_DETAILS -> List.of("usage.first_time_details", "usage.peers", "usage.peers_using");
            case OUT_OF_PEER -> List.of("usage.peers", "usage.peers_using");
            case ODD_HOUR, VERY_ODD_HOUR -> List.of("usage.hour_ppm", "usage.hours", "usage.trained_days");
            case BURST, STORM -> List.of("usage.burst_count", "usage.burst_minutes", "usage.requests_hour");
            case NEW_NETWORK -> List.of("usage.networks", "usage.trained");
            case NEW_AGENT, NEW_CREDENTIAL, NEW_METHOD -> List.of("usage.trained");
            case LONG_LIFETIME -> List.of("lifetime", "usage.usual_lifetime", "usage.trained");
            case BROAD -> List.of("usage.usual_breadth", "usage.trained");
            case CANNED_REASON -> List.of("usage.same_reason");
            case ASKED_AGAIN -> List.of("usage.denied");
            case UNCOLLECTED -> List.of("usage.uncollected");
            case UNUSED_TOKENS -> List.of("usage.unused_days");
            case DRIFT -> List.of("usage.drift", "usage.frozen");
            case ATTESTED -> List.of("usage.attested_days");
            case REGULAR -> List.of("usage.uses", "usage.idle_days");
            // Of now and not of usage, or of another version.
            default -> List.of();
        };
    }

    /// What usage tells, worst first.
    public static List<Finding> of(UsageFacts facts) {
        return Report.of(facts).findings();
    }

    /// Another request for the same, without a key, waits already and came from another credential or network.
    public static Finding elsewhere() {
        return new Finding(ELSEWHERE, Tone.ALARMING, "the same is pending from elsewhere");
    }

    /// The same, worst first.
    public static List<Finding> worstFirst(Collection<Finding> findings) {
        return findings.stream().sorted(Comparator.comparing(Finding::tone)).toList();
    }

    /// Whether one of them says that what is asked is dormant or asked for the first time.
    public static boolean isUnfamiliar(Collection<Finding> findings) {
        return findings.stream().anyMatch(it -> UNFAMILIAR.contains(it.code()));
    }

    /// The codes of what is unusual, as the fact `findings` has them; good news is not among them.
    public static List<String> codes(Collection<Finding> findings) {
        return findings.stream()
                .filter(it -> it.tone() != Tone.GOOD)
                .map(Finding::code)
                .flatMap(it -> Stream.of(it, IMPLIED.getOrDefault(it, it)))
                .distinct()
                .sorted()
                .toList();
    }
}

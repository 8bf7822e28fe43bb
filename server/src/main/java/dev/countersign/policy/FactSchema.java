package dev.countersign.policy;

import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Risk;
import java.time.DayOfWeek;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The closed set of facts that conditions may speak of. `docs/reference/facts.md` is printed from here.
///
/// The version is stored with the facts of each decision, and what has its quiet value is left out there. So
/// the version rises when a fact changes its meaning, its type or its quiet value. A new fact leaves it as it
/// is and is always written, since a record without it is of a node that did not know it.
public final class FactSchema {
    /// The version of the facts that this release records.
    public static final int VERSION = 2;

    /// The calendars that are open.
    public static final String WINDOWS = "time.windows";

    /// The calendars that have a holiday.
    public static final String HOLIDAYS = "time.holidays";

    /// The facts that have names of calendars.
    public static final List<String> OF_CALENDARS = List.of(WINDOWS, HOLIDAYS);

    /// The zone of the configuration.
    public static final String ZONE = "time.zone";

    /// The networks that the request came from.
    public static final String NETWORKS = "network.names";

    /// The kind of address that it came from.
    public static final String FAMILY = "network.family";

    /// Whether what is asked is a privilege that is dormant or asked for the first time.
    public static final String UNFAMILIAR = "usage.unfamiliar";

    /// Whether people have attested that the client is still needed, and it had no token since.
    public static final String ATTESTED = "usage.attested";

    /// For how much longer that holds.
    static final String ATTESTED_DAYS = "usage.attested_days";

    /// On how many days its tokens were not seen in use.
    private static final String UNUSED_DAYS = "usage." + UsageSchema.UNUSED_DAYS;

    /// How many tokens the client was given in the last 24 hours.
    public static final String PAST_DAY_TOKENS = "past_day.tokens";

    /// What numbers in its authorization details add up to in that time.
    public static final String PAST_DAY_AMOUNTS = "past_day.amounts";

    /// Facts that came after the first nodes of this version.
    private static final Set<String> NEW = Set.of(
            BreakGlass.FACT,
            ATTESTED,
            ATTESTED_DAYS,
            UNUSED_DAYS,
            WINDOWS,
            HOLIDAYS,
            NETWORKS,
            FAMILY,
            PAST_DAY_TOKENS,
            PAST_DAY_AMOUNTS);

    /// Facts that hold a client's own words: no sentence of ours may carry them, and they are quoted wherever shown.
    static final List<String> CLIENT_TEXT = List.of("reason", "ticket", "details");

    /// What later versions will know; naming one of these is told apart from a slip of the pen.
    private static final List<String> LATER = List.of("actor");

    private static final Map<String, Fact> FACTS = Stream.of(
                    Stream.of(
                            new Fact("client.id", Fact.Type.TEXT, "The client that asks.", ""),
                            new Fact("client.name", Fact.Type.TEXT, "Its name for people.", ""),
                            new Fact("client.owner", Fact.Type.TEXT, "The group that owns it.", ""),
                            new Fact("client.tags", Fact.Type.TEXTS, "Its tags, as registered.", List.of()),
                            new Fact(
                                    "subject.id",
                                    Fact.Type.TEXT,
                                    "For whom the token is; the client itself when it asks on its own behalf.",
                                    ""),
                            new Fact("scopes", Fact.Type.TEXTS, "The scopes asked for, sorted.", List.of()),
                            new Fact(
                                    "details",
                                    Fact.Type.DETAILS,
                                    "The authorization details asked for; members are as the client sent them, so a condition"
                                            + " on a member that is missing, or of another type, is unknown.",
                                    AuthorizationDetails.NONE),
                            new Fact(
                                    "details_types",
                                    Fact.Type.TEXTS,
                                    "The types among the details, sorted, each once.",
                                    List.of()),
                            new Fact("resource", Fact.Type.TEXT, "The API the token is for: its URL.", ""),
                            new Fact("resource_owner", Fact.Type.TEXT, "The group that answers for that API.", ""),
                            new Fact(
                                    "risk",
                                    Fact.Type.NUMBER,
                                    "The highest risk of what is asked: compare with `LOW`, `MEDIUM`, `HIGH`, `CRITICAL`.",
                                    0L),
                            new Fact(
                                    "lifetime",
                                    Fact.Type.NUMBER,
                                    "The seconds the token is asked to live; 60 when the request does not say.",
                                    60L),
                            new Fact(
                                    "reason",
                                    Fact.Type.TEXT,
                                    "The client's reason, in its own words; empty when none.",
                                    ""),
                            new Fact("ticket", Fact.Type.TEXT, "The client's ticket; empty when none.", ""),
                            new Fact(
                                    ZONE,
                                    Fact.Type.TEXT,
                                    "The zone that `time.hour` and `time.weekday` are in: the configuration's `zone`, by whose"
                                            + " clocks they go, summer time with them.",
                                    "UTC"),
                            new Fact("time.hour", Fact.Type.NUMBER, "The hour the request was made in, 0 to 23.", 12L),
                            new Fact(
                                    "time.weekday",
                                    Fact.Type.NUMBER,
                                    "The day the request was made on, 1 (Monday) to 7: compare with `MONDAY` to `SUNDAY`.",
                                    3L),
                            new Fact(
                                    WINDOWS,
                                    Fact.Type.TEXTS,
                                    "The names of the `calendars` that were open when the request was made, each in its own zone,"
                                            + " sorted. Unknown where none is configured.",
                                    List.of()),
                            new Fact(
                                    HOLIDAYS,
                                    Fact.Type.TEXTS,
                                    "The names of the `calendars` that had a holiday on the day the request was made, as it"
                                            + " was in the zone of each, sorted. Unknown where none is configured.",
                                    List.of()),
                            new Fact(
                                    NETWORKS,
                                    Fact.Type.TEXTS,
                                    "The names of the `networks` that have the address the request came from, sorted; behind"
                                            + " `trusted_proxies` the one that they saw. Unknown where none is configured.",
                                    List.of()),
                            new Fact(FAMILY, Fact.Type.TEXT, "What kind of address that is: `ipv4` or `ipv6`.", "ipv4"),
                            new Fact(
                                    "auth.method",
                                    Fact.Type.TEXT,
                                    "How the client authenticated: `client_secret_basic`, `private_key_jwt`, ….",
                                    "client_secret_basic"),
                            new Fact(
                                    "auth.key_bound",
                                    Fact.Type.TRUTH,
                                    "Whether the token will be bound to a key.",
                                    false),
                            new Fact(
                                    BreakGlass.FACT,
                                    Fact.Type.TRUTH,
                                    "Whether the client asks to break the glass.",
                                    false),
                            new Fact(
                                    PAST_DAY_TOKENS,
                                    Fact.Type.NUMBER,
                                    "How many tokens the client was given for this API in the last 24 hours, with those it has"
                                            + " asked for and waits for, and with this one. Unknown until every token was"
                                            + " counted for a day: [how](../how-to/write-a-policy.md#against-many-small-ones).",
                                    1L),
                            new Fact(
                                    PAST_DAY_AMOUNTS,
                                    Fact.Type.AMOUNTS,
                                    "What a number in the details of these adds up to:"
                                            + " `past_day.amounts.refund.amount` for the member `amount` of the type"
                                            + " `refund`, `past_day.amounts[\"pay.out\"].amount` where a name is no plain word."
                                            + " 0 where there was none, and what is below 0 counts as 0.",
                                    Amounts.NONE)),
                    UsageSchema.facts())
            .flatMap(it -> it)
            .collect(Collectors.toMap(Fact::name, fact -> fact, (a, _) -> a, LinkedHashMap::new));

    private static final Map<String, Long> CONSTANTS = namesForNumbers();

    private FactSchema() {}

    /// All facts, in the order of the reference page.
    public static Collection<Fact> facts() {
        return FACTS.values();
    }

    /// The fact of that name.
    public static Optional<Fact> fact(String name) {
        return Optional.ofNullable(FACTS.get(name));
    }

    static boolean isOfPastDay(Set<String> facts) {
        return facts.contains(PAST_DAY_TOKENS) || facts.contains(PAST_DAY_AMOUNTS);
    }

    /// Whether a record of this version without the fact says that it has its quiet value, rather than nothing of
    /// it. Of what is new a record without it says that it is unknown.
    static boolean maybeLeftOut(Fact fact) {
        return !NEW.contains(fact.name());
    }

    /// Names for numbers: the risks, lowest first, and the days of the week as ISO 8601 counts them.
    public static Map<String, Long> constants() {
        return CONSTANTS;
    }

    /// A risk as conditions compare it.
    public static long level(Risk risk) {
        return switch (risk) {
            case LOW -> 0;
            case MEDIUM -> 1;
            case HIGH -> 2;
            case CRITICAL -> 3;
        };
    }

    /// What is wrong with this name, which is neither a fact nor a constant.
    static String strange(String name) {
        var family = name.split("\\.", 2)[0];
        if (LATER.contains(family)) {
            return name + " is not implemented yet: this version has no facts about " + family;
        }
        var kin = FACTS.keySet().stream()
                .filter(fact -> fact.startsWith(family + "."))
                .toList();
        var near = kin.stream()
                .filter(fact -> fact.startsWith(name) || name.startsWith(fact))
                .toList();
        var shown = near.isEmpty() ? kin : near;
        return shown.isEmpty()
                ? name + " is not a fact"
                : name + " is not a fact; there are " + String.join(", ", shown);
    }

    private static Map<String, Long> namesForNumbers() {
        var all = new LinkedHashMap<String, Long>();
        for (var risk : Risk.values()) {
            all.put(risk.name(), level(risk));
        }
        for (var day : DayOfWeek.values()) {
            all.put(day.name(), (long) day.getValue());
        }
        return Collections.unmodifiableMap(all);
    }
}

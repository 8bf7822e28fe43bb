package dev.countersign.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.oauth.Risk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The facts of all requests that a client may make of an API: those that the registrations settle as values, all
/// others as variables.
///
/// A variable for each scope says whether it is asked for, and the risk follows from these: so nothing is proved or
/// refuted by a request that nobody can make.
final class Symbols {
    /// No fact is larger, by far.
    private static final String LARGEST = "1000000000000000";

    private static final Map<String, String> RANGES = Map.of(
            "time.hour", "%1$s >= 0 && %1$s <= 23",
            "time.weekday", "%1$s >= 1 && %1$s <= 7",
            "lifetime", "%1$s >= 1 && %1$s <= " + LARGEST,
            "reason", "size(%1$s) <= 500",
            "ticket", "size(%1$s) <= 100");

    private static final Set<String> OF_REGISTRATIONS = Set.of(
            "client.name",
            "client.owner",
            "client.tags",
            "auth.method",
            "resource_owner",
            "risk",
            FactSchema.UNFAMILIAR);

    private final Ask ask;
    private final boolean usageKnown;

    /// @param usageKnown whether the ledger could say what is usual for the client: all such facts are known, or none
    Symbols(Ask ask, boolean usageKnown) {
        this.ask = ask;
        this.usageKnown = usageKnown;
    }

    /// The registrations that these facts come from, as far as they do.
    String scope(Set<String> facts) {
        return Collections.disjoint(facts, OF_REGISTRATIONS) ? "" : ask.toString();
    }

    static boolean isOfUsage(String fact) {
        return fact.startsWith("usage.") || fact.equals("findings");
    }

    /// A request asks for something.
    Formula somethingAsked() {
        return Formula.any(present(List.of("scopes", "details_types")));
    }

    private List<Formula> present(List<String> lists) {
        return lists.stream()
                .flatMap(it -> members(it).stream())
                .map(SymbolicValue.Member::present)
                .toList();
    }

    /// Nothing is asked for but what another registration lets the client ask for, too.
    Formula within(Ask other) {
        var more = new ArrayList<Formula>();
        beyond(ask.scopes().keySet(), other.scopes().keySet()).forEach(it -> more.add(has("scopes", it)));
        beyond(ask.types().keySet(), other.types().keySet()).forEach(it -> more.add(has("details_types", it)));
        return Formula.any(more).not();
    }

    private static Collection<String> beyond(Set<String> these, Set<String> those) {
        var beyond = new TreeSet<>(these);
        beyond.removeAll(those);
        return beyond;
    }

    /// Whether what is asked is a dormant or first-time privilege, as [Facts#mayBeUnfamiliar] has it.
    Formula mayBeUnfamiliar() {
        return usageKnown ? unfamiliar() : riskAtLeast(Risk.HIGH);
    }

    /// Whether the client is attested, as [Facts#isAttested] has it.
    Formula isAttested() {
        return usageKnown ? attested() : Formula.FALSE;
    }

    /// It is as long as days are left.
    private Formula attested() {
        var days = new Formula.Variable(
                FactSchema.ATTESTED_DAYS,
                Formula.Type.INT,
                FactSchema.ATTESTED_DAYS + " >= 0 && " + FactSchema.ATTESTED_DAYS + " <= " + LARGEST);
        return Formula.of(FactSchema.ATTESTED_DAYS + " > 0", Set.of(days));
    }

    private Formula unfamiliar() {
        return Formula.any(ask.unfamiliar().stream()
                        .sorted()
                        .map(it -> has("findings", it))
                        .toList())
                .and(riskAtLeast(Risk.HIGH));
    }

    private Formula riskAtLeast(Risk least) {
        var risky = new ArrayList<Formula>();
        ask.scopes().forEach((scope, risk) -> {
            if (risk.compareTo(least) >= 0) {
                risky.add(has("scopes", scope));
            }
        });
        ask.types().forEach((type, risk) -> {
            if (risk.compareTo(least) >= 0) {
                risky.add(has("details_types", type));
            }
        });
        return Formula.any(risky);
    }

    /// How a fact that is a truth weighs.
    Both truthOf(String fact) {
        if (isOfUsage(fact) && !usageKnown) {
            return fact.equals(FactSchema.UNFAMILIAR)
                    // Below high risk it is known without the ledger.
                    ? new Both(Formula.FALSE, riskAtLeast(Risk.HIGH).not())
                    : Both.UNKNOWN;
        }
        return Both.of(
                switch (fact) {
                    case FactSchema.UNFAMILIAR -> unfamiliar();
                    case FactSchema.ATTESTED -> attested();
                    default -> Formula.of(truth(fact));
                });
    }

    /// Any other fact.
    SymbolicValue valueOf(Fact fact) {
        if (isOfUsage(fact.name()) && !usageKnown) {
            return new SymbolicValue.Missing();
        }
        return switch (fact.name()) {
            case "client.id", "subject.id" -> new SymbolicValue.Text(ask.client());
            case "client.name" -> text(ask.name());
            case "client.owner" -> new SymbolicValue.Text(ask.owner());
            case "resource" -> new SymbolicValue.Text(ask.resource());
            case "resource_owner" -> new SymbolicValue.Text(ask.resourceOwner());
            case "auth.method" -> new SymbolicValue.Text(ask.authMethod());
            case FactSchema.ZONE -> new SymbolicValue.Text(ask.zone());
            case "risk" -> risk();
            // May be unknown while all else is known.
            case FactSchema.PAST_DAY_TOKENS -> new SymbolicValue.Beyond();
            default -> open(fact);
        };
    }

    private static SymbolicValue text(String text) {
        return SymbolicValue.isUnderstood(text) ? new SymbolicValue.Text(text) : new SymbolicValue.Beyond();
    }

    private SymbolicValue open(Fact fact) {
        return switch (fact.type()) {
            case TEXT -> variable(fact, Formula.Type.STRING, RANGES.getOrDefault(fact.name(), ""));
            case NUMBER ->
                variable(fact, Formula.Type.INT, RANGES.getOrDefault(fact.name(), "%1$s >= 0 && %1$s <= " + LARGEST));
            case TEXTS ->
                isListed(fact.name()) ? new SymbolicValue.Members(members(fact.name())) : new SymbolicValue.Beyond();
            case DETAILS, AMOUNTS, TRUTH -> new SymbolicValue.Beyond();
        };
    }

    private static SymbolicValue variable(Fact fact, Formula.Type type, String range) {
        var domain = String.format(range, fact.name());
        return new SymbolicValue.Open(type, fact.name(), Set.of(new Formula.Variable(fact.name(), type, domain)));
    }

    private static Formula.Variable truth(String name) {
        return new Formula.Variable(name, Formula.Type.BOOL, "");
    }

    /// The highest of what is asked.
    private SymbolicValue risk() {
        var critical = riskAtLeast(Risk.CRITICAL);
        var high = riskAtLeast(Risk.HIGH);
        var medium = riskAtLeast(Risk.MEDIUM);
        var variables = Formula.any(List.of(critical, high, medium)).variables();
        if (variables.isEmpty()) {
            return new SymbolicValue.Whole(FactSchema.level(Risk.LOW));
        }
        return new SymbolicValue.Open(
                Formula.Type.INT,
                "(" + critical.text() + " ? 3 : " + high.text() + " ? 2 : " + medium.text() + " ? 1 : 0)",
                variables);
    }

    private boolean isListed(String fact) {
        return Set.of(
                                "client.tags",
                                "scopes",
                                "details_types",
                                "usage.first_time_scopes",
                                "usage.dormant_scopes",
                                "usage.first_time_details")
                        .contains(fact)
                || ask.codes().containsKey(fact);
    }

    /// What may stand in a list, sorted as facts are.
    private List<SymbolicValue.Member> members(String fact) {
        return switch (fact) {
            case "client.tags" ->
                ask.tags().stream()
                        .map(it -> new SymbolicValue.Member(Formula.TRUE, new SymbolicValue.Text(it)))
                        .toList();
            case "scopes", "usage.first_time_scopes", "usage.dormant_scopes" ->
                members(fact, ask.scopes().keySet());
            case "details_types", "usage.first_time_details" ->
                members(fact, ask.types().keySet());
            default -> members(fact, ask.codes().getOrDefault(fact, List.of()));
        };
    }

    private List<SymbolicValue.Member> members(String fact, Collection<String> all) {
        return new TreeSet<>(all)
                .stream()
                        .map(it -> new SymbolicValue.Member(has(fact, it), new SymbolicValue.Text(it)))
                        .toList();
    }

    /// Whether something stands in a list. What is dormant or new is asked for.
    private Formula has(String fact, String member) {
        var asked = fact.endsWith("_scopes") ? "scopes" : fact.endsWith("_details") ? "details_types" : "";
        var here = Formula.of(truth(memberName(fact, member)));
        return asked.isEmpty() ? here : here.and(has(asked, member));
    }

    /// The variable for a member of a list: no fact is called so.
    static String memberName(String fact, String member) {
        return "m_" + hex(fact) + "_" + hex(member);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(UTF_8));
    }
}

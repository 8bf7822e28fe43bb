package dev.countersign.publish;

import dev.countersign.approval.Administration;
import dev.countersign.client.Client;
import dev.countersign.config.Configuration;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.BreakGlass;
import dev.countersign.policy.Effect;
import dev.countersign.policy.Facts;
import dev.countersign.policy.GivenFacts;
import dev.countersign.policy.Loosening;
import dev.countersign.policy.Registrations;
import dev.countersign.policy.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// In what one configuration is looser than another: in what it observes only, over each scope and details type
/// that a client may ask for, alone and with quiet facts, and over the requests of both configurations' tests. What is
/// otherwise behind a name that rules speak of is among it, since nobody can compare that.
///
/// @param lines those that are looser, the ones that become unattended first
/// @param left how many more there are
/// @param looked how many requests were judged by both
public record Looser(List<Line> lines, int left, int looked) {
    /// Nothing was compared.
    static final Looser NONE = new Looser(List.of(), 0, 0);

    private static final String PUBLISHING = "to publish a configuration";
    private static final int MOST = 100;
    private static final int LOOKED = 20_000;

    /// A request that is easier to get.
    ///
    /// @param what who asks for what
    /// @param how in words
    /// @param unattended whether nobody is asked any more, or nobody ever was
    public record Line(String what, List<String> how, boolean unattended) {}

    /// @param before whether it could be asked for before, as far as registrations say
    private record Ask(String what, Map<String, Object> given, boolean before) {
        Ask breaking() {
            var more = new HashMap<>(given);
            more.put(BreakGlass.FACT, true);
            return new Ask(what + ", by breaking the glass", more, before);
        }
    }

    /// What the second is looser in.
    public static Looser between(Configuration was, Configuration now) {
        var before = was.registrations();
        var after = now.registrations();
        var asks = Stream.concat(
                        server(was, now),
                        Stream.concat(registered(was, now), Stream.concat(breaking(was, now), tested(was, now))))
                .limit(LOOKED)
                .toList();
        var lines = new ArrayList<Line>();
        if (Administration.among(was.resources()).isPresent()
                && Administration.among(now.resources()).isEmpty()) {
            lines.add(new Line(PUBLISHING, List.of("policy has no word in it any more"), true));
        }
        lines.addAll(observed(was, now));
        lines.addAll(Uncompared.between(was, now));
        int looked = 0;
        for (var ask : asks) {
            if (GivenFacts.of(ask.given(), after) instanceof GivenFacts.Understood(var facts)) {
                looked++;
                compare(
                                ask,
                                verdict(was, before, ask),
                                now.policy().judge(facts).verdict(),
                                facts)
                        .ifPresent(lines::add);
            }
        }
        var sorted = Stream.concat(
                        lines.stream().filter(Line::unattended), lines.stream().filter(it -> !it.unattended()))
                .distinct()
                .toList();
        return new Looser(sorted.stream().limit(MOST).toList(), Math.max(0, sorted.size() - MOST), looked);
    }

    /// What is observed only, or longer than before: whatever is asked there, nobody is.
    public static List<Line> observed(Configuration was, Configuration now) {
        var before = was.observed();
        return now.observed().entrySet().stream()
                .flatMap(it -> Optional.ofNullable(before.get(it.getKey()))
                        .map(old -> it.getValue().until().isAfter(old.until())
                                ? Stream.of("until " + it.getValue().until() + " instead of " + old.until())
                                : Stream.<String>empty())
                        .orElseGet(() -> Stream.of("until " + it.getValue().until()))
                        .map(until -> new Line(
                                it.getKey() + ": whatever is asked",
                                List.of("observed only " + until
                                        + ": what policy says is recorded, and nothing is held, refused or capped"),
                                true)))
                .toList();
    }

    /// Empty when it could not even be asked.
    private static Optional<Verdict> verdict(Configuration was, Registrations before, Ask ask) {
        return ask.before() && GivenFacts.of(ask.given(), before) instanceof GivenFacts.Understood(var facts)
                ? Optional.of(was.policy().judge(facts).verdict())
                : Optional.empty();
    }

    private static Optional<Line> compare(Ask ask, Optional<Verdict> was, Verdict now, Facts facts) {
        boolean free = now instanceof Verdict.Approve;
        if (was.isEmpty()) {
            return now instanceof Verdict.Deny
                    ? Optional.empty()
                    : Optional.of(new Line(ask.what(), List.of(now.word() + ", and could not be asked for"), free));
        }
        var loosening = Loosening.between(was.get(), now, facts);
        return loosening.loosens()
                ? Optional.of(new Line(ask.what(), loosening.looser(), free && !(was.get() instanceof Verdict.Approve)))
                : Optional.empty();
    }

    /// Who decides over the next configuration is part of this one.
    private static Stream<Ask> server(Configuration was, Configuration now) {
        return Administration.among(was.resources()).isEmpty()
                ? Stream.empty()
                : Administration.among(now.resources()).stream()
                        .map(it -> new Ask(
                                PUBLISHING,
                                Map.of(
                                        "client", Administration.CLIENT,
                                        "resource", it.id(),
                                        "scopes", List.of(Administration.PUBLISH),
                                        "details", List.of(Map.of("type", Administration.TYPE))),
                                true));
    }

    private static Stream<Ask> registered(Configuration was, Configuration now) {
        return now.clients().values().stream()
                .filter(client -> !client.disabled())
                .sorted(Comparator.comparing(Client::id))
                .flatMap(client -> Stream.concat(scopes(client, was), types(client, was)));
    }

    /// The same by clients that ask to break the glass, where a rule lets anybody.
    private static Stream<Ask> breaking(Configuration was, Configuration now) {
        boolean any = now.policy().rules().stream().anyMatch(it -> it.then() instanceof Effect.BreakTheGlass);
        return any ? registered(was, now).map(Ask::breaking) : Stream.empty();
    }

    private static Stream<Ask> scopes(Client client, Configuration was) {
        var before = Optional.ofNullable(was.clients().get(client.id()));
        return client.access().entrySet().stream()
                .flatMap(access -> access.getValue().names().stream()
                        .map(scope -> ask(
                                client.id(),
                                access.getKey(),
                                scope,
                                Map.of("scopes", List.of(scope)),
                                before.map(it -> it.access().getOrDefault(access.getKey(), Scopes.NONE))
                                        .filter(it -> it.contains(scope))
                                        .isPresent())));
    }

    private static Stream<Ask> types(Client client, Configuration was) {
        var before = Optional.ofNullable(was.clients().get(client.id()));
        return client.details().entrySet().stream()
                .flatMap(details -> details.getValue().stream()
                        .map(type -> ask(
                                client.id(),
                                details.getKey(),
                                type,
                                Map.of("details", List.of(Map.of("type", type))),
                                before.map(it -> it.details().getOrDefault(details.getKey(), List.of()))
                                        .filter(it -> it.contains(type))
                                        .isPresent())));
    }

    private static Ask ask(String client, String resource, String name, Map<String, Object> asked, boolean before) {
        var given = new HashMap<>(asked);
        given.put("client", client);
        given.put("resource", resource);
        return new Ask(client + ": " + name + " on " + resource, given, before);
    }

    private static Stream<Ask> tested(Configuration was, Configuration now) {
        var tests = new LinkedHashMap<Map<String, Object>, String>();
        Stream.concat(now.tests().stream(), was.tests().stream())
                .forEach(it -> tests.putIfAbsent(it.given(), it.name()));
        return tests.entrySet().stream()
                .map(it -> new Ask("as in the test \"" + it.getValue() + "\"", it.getKey(), true));
    }
}

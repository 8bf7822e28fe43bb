package dev.countersign.dashboard;

import dev.countersign.approval.Approvals;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.InForce;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import dev.countersign.people.ApiScope;
import dev.countersign.policy.Facts;
import dev.countersign.policy.RuleTrace;
import dev.countersign.policy.Truth;
import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `/resources` and `/resources/one`: the APIs that tokens are for, what may be asked of them, and by whom.
final class ResourcePages {
    private static final Duration LATELY = Duration.ofDays(30);

    /// So many requests are counted of each outcome; of more it is said that there are more.
    private static final int COUNTED = 10_000;

    private final Door door;
    private final Store store;
    private final Approvals approvals;
    private final Freezes freezes;
    private final Wording wording;
    private final Renderer renderer;
    private final Supplier<InForce> inForce;
    private final InstantSource clock;

    ResourcePages(
            Door door,
            Store store,
            Approvals approvals,
            Freezes freezes,
            Wording wording,
            Renderer renderer,
            Supplier<InForce> inForce,
            InstantSource clock) {
        this.door = door;
        this.store = store;
        this.approvals = approvals;
        this.freezes = freezes;
        this.wording = wording;
        this.renderer = renderer;
        this.inForce = inForce;
        this.clock = clock;
    }

    Reply list(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var now = inForce.get();
            var frozen = frozen();
            var rows = now.resources().values().stream()
                    .map(it -> row(it, now, frozen))
                    .sorted(Comparator.comparing(it -> it.name().toLowerCase(Locale.ROOT)))
                    .toList();
            var frame = door.frame(visit, "Resources", Section.RESOURCES);
            return Reply.html(200, renderer.page(frame, new ResourcesView(rows)));
        });
    }

    Reply one(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var now = inForce.get();
            var resource = Optional.ofNullable(now.resources().get(visit.query("id")))
                    .orElseThrow(() -> HttpFault.of(404, "There is no such resource."));
            var frame = door.frame(visit, wording.resource(resource.id()), Section.RESOURCES);
            return Reply.html(200, renderer.page(frame, one(resource, now)));
        });
    }

    private Set<String> frozen() {
        return store.read(freezes::standing).stream()
                .filter(it -> it.kind() == Freezes.Kind.RESOURCE)
                .map(Freezes.Freeze::target)
                .collect(Collectors.toUnmodifiableSet());
    }

    private ResourcesView.Row row(Resource it, InForce now, Set<String> frozen) {
        var states = new ArrayList<String>();
        if (frozen.contains(it.id())) {
            states.add("frozen");
        }
        it.observe()
                .filter(observe -> observe.holds(clock.instant()))
                .ifPresent(observe -> states.add("observed only until " + new Moment(observe.until()).utc()));
        return new ResourcesView.Row(
                it.id(),
                wording.resource(it.id()),
                it.owner(),
                count(it.scopes().size(), "scope"),
                risks(it).max(Comparator.naturalOrder()).orElse(Risk.LOW),
                count(askers(it, now).size(), "client"),
                List.copyOf(states));
    }

    private static Stream<Risk> risks(Resource it) {
        return Stream.concat(
                it.scopes().values().stream().map(scope -> scope.risk()),
                it.details().values().stream().map(DetailsType::risk));
    }

    private static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private ResourcesView.One one(Resource it, InForce now) {
        return new ResourcesView.One(row(it, now, frozen()), scopes(it), askers(it, now), rules(it, now), became(it));
    }

    private static List<ResourcesView.Scope> scopes(Resource it) {
        return Stream.concat(
                        it.scopes().values().stream()
                                .map(scope -> new ResourcesView.Scope(
                                        scope.name(),
                                        "scope",
                                        scope.title(),
                                        scope.risk(),
                                        scope.harm().worstCase(),
                                        scope.harm().undo())),
                        it.details().values().stream()
                                .map(type -> new ResourcesView.Scope(
                                        type.type(),
                                        "details",
                                        type.title(),
                                        type.risk(),
                                        type.harm().worstCase(),
                                        type.harm().undo())))
                .sorted(Comparator.comparing(ResourcesView.Scope::risk).reversed())
                .toList();
    }

    private List<ResourcesView.Client> askers(Resource it, InForce now) {
        return now.clients().values().stream()
                .filter(client ->
                        client.access().containsKey(it.id()) || client.details().containsKey(it.id()))
                .map(client -> new ResourcesView.Client(
                        client.id(),
                        wording.client(client.id()),
                        Stream.concat(
                                        Optional.ofNullable(client.access().get(it.id())).map(Scopes::names).stream()
                                                .flatMap(names -> names.stream()),
                                        client.details().getOrDefault(it.id(), List.of()).stream()
                                                .map(type -> "details " + type))
                                .toList()))
                .sorted(Comparator.comparing(ResourcesView.Client::name))
                .toList();
    }

    /// Those that are not known to leave it alone, whatever is asked of it.
    private static List<ResourcesView.Rule> rules(Resource it, InForce now) {
        var facts = Facts.builder().at(it).build();
        var apply = now.policy().judge(facts).trace().stream()
                .filter(trace -> trace.truth() != Truth.NO)
                .map(RuleTrace::rule)
                .collect(Collectors.toSet());
        return now.policy().rules().stream()
                .filter(rule -> apply.contains(rule.name()))
                .map(rule -> new ResourcesView.Rule(rule.name(), rule.then().word(), RuleWords.of(rule)))
                .toList();
    }

    private List<ResourcesView.Became> became(Resource it) {
        var since = Ids.first(clock.instant().minus(LATELY));
        Map<String, Integer> counts = store.read(tx -> approvals.countByState(tx, it.id(), since, COUNTED));
        return HistoryView.STATES.stream()
                .filter(counts::containsKey)
                .map(state -> new ResourcesView.Became(
                        state,
                        counts.getOrDefault(state, 0) == COUNTED
                                ? "%,d or more".formatted(COUNTED)
                                : "%,d".formatted(counts.getOrDefault(state, 0))))
                .toList();
    }
}

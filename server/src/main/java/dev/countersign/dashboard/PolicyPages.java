package dev.countersign.dashboard;

import dev.countersign.approval.InForce;
import dev.countersign.approval.Publications;
import dev.countersign.approval.Suggestion;
import dev.countersign.approval.Suggestions;
import dev.countersign.config.Configurations;
import dev.countersign.config.Version;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.ApiScope;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Rule;
import dev.countersign.replay.Shadow;
import dev.countersign.store.Store;
import dev.countersign.usage.Daily;
import dev.countersign.usage.Profiles;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// `/policy`: the rules in force as sentences, and what each of them settled of late.
final class PolicyPages {
    /// The strictest first.
    private static final List<String> STRICTNESS = List.of("deny", "break_glass", "review", "approve");

    private static final int DAYS = 30;
    private static final int STEP = 6;
    private static final int PUBLISHED = 10;
    private static final int SUGGESTED = 5;

    private final Door door;
    private final Store store;
    private final Configurations configurations;
    private final Publications publications;
    private final Profiles profiles;
    private final Suggestions suggestions;
    private final Shadow shadow;
    private final Wording wording;
    private final Renderer renderer;
    private final Supplier<InForce> inForce;
    private final InstantSource clock;

    PolicyPages(
            Door door,
            Store store,
            Configurations configurations,
            Publications publications,
            Profiles profiles,
            Suggestions suggestions,
            Shadow shadow,
            Wording wording,
            Renderer renderer,
            Supplier<InForce> inForce,
            InstantSource clock) {
        this.door = door;
        this.store = store;
        this.configurations = configurations;
        this.publications = publications;
        this.profiles = profiles;
        this.suggestions = suggestions;
        this.shadow = shadow;
        this.wording = wording;
        this.renderer = renderer;
        this.inForce = inForce;
        this.clock = clock;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var policy = inForce.get().policy();
            var view = new PolicyView(
                    policy.version(),
                    policy.rules().stream()
                            .map(this::rule)
                            .sorted(Comparator.comparingInt(it -> STRICTNESS.indexOf(it.effect())))
                            .toList(),
                    days(Policy.NO_RULE).map(it -> Bars.of(it, STEP)).filter(Bars::any),
                    suggested(policy),
                    shadow(),
                    published());
            return Reply.html(200, renderer.page(door.frame(visit, "Policy", Section.POLICY), view));
        });
    }

    private PolicyView.Rule rule(Rule rule) {
        var days = days(rule.name());
        return new PolicyView.Rule(
                rule.name(),
                rule.then().word(),
                RuleWords.of(rule),
                rule.when().text(),
                days.map(it -> Bars.of(it, STEP)).filter(Bars::any),
                days.map(Bars::totals).orElse(""));
    }

    private Optional<List<Daily.Day>> days(String rule) {
        return profiles.daysOfRule(rule).map(it -> it.last(DAYS, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)));
    }

    private List<PolicyView.Suggested> suggested(Policy policy) {
        var now = clock.instant();
        var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return suggestions.of(now).stream()
                .flatMap(
                        it -> it.yaml(policy, today).map(yaml -> new PolicyView.Suggested(sentence(it), yaml)).stream())
                .limit(SUGGESTED)
                .toList();
    }

    private String sentence(Suggestion it) {
        return wording.client(it.client()) + " asked for " + String.join(" ", it.scopes()) + " at "
                + wording.resource(it.resource()) + " " + it.decisions()
                + " times with nothing unusual about it, and people, " + it.people()
                + " of them in all, agreed to all of it each time.";
    }

    private Optional<PolicyView.Shadow> shadow() {
        return shadow.json().map(it -> {
            var json = Json.read(Json.write(it));
            return new PolicyView.Shadow(
                    json.path("candidate").stringValue(""),
                    new Moment(Instant.parse(json.path("since").stringValue(""))),
                    FlipsView.of(json.path("matrix")));
        });
    }

    /// A configuration that was published, and the request by which others agreed to it.
    private record Found(Version version, Optional<String> request) {}

    /// Names are looked up once it is read.
    private List<PolicyView.Published> published() {
        var found = store.read(tx -> configurations.history(tx, PUBLISHED).stream()
                .map(it -> new Found(it, publications.request(tx, it.number())))
                .toList());
        return found.stream()
                .map(it -> new PolicyView.Published(
                        it.version().number(),
                        it.version().hash(),
                        wording.actor(
                                it.version().by().kind(), it.version().by().id()),
                        new Moment(it.version().at()),
                        it.request()))
                .toList();
    }
}

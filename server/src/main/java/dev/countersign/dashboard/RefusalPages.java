package dev.countersign.dashboard;

import dev.countersign.approval.Allowance;
import dev.countersign.approval.InForce;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.RefusalsView.Line;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Disclosed;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import dev.countersign.people.ApiScope;
import dev.countersign.policy.FactSchema;
import dev.countersign.policy.Facts;
import dev.countersign.policy.RuleTrace;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// `/history/refused`: what policy or the gate refused at once, from the ledger alone.
final class RefusalPages {
    private static final int PAGE = 25;
    private static final int VERSION = 8;

    private final Door door;
    private final Ledger ledger;
    private final Wording wording;
    private final Renderer renderer;
    private final Supplier<InForce> inForce;

    RefusalPages(Door door, Ledger ledger, Wording wording, Renderer renderer, Supplier<InForce> inForce) {
        this.door = door;
        this.ledger = ledger;
        this.wording = wording;
        this.renderer = renderer;
        this.inForce = inForce;
    }

    Reply list(Request request) {
        return door.look(
                request,
                ApiScope.REQUESTS_READ,
                visit -> Reply.html(
                        200, renderer.page(door.frame(visit, "Refused at once", Section.HISTORY), list(visit))));
    }

    private RefusalsView list(Visit visit) {
        var client = visit.query("client");
        var after = visit.query("after");
        long before = after.matches("[0-9]{1,15}") ? Long.parseLong(after) : Long.MAX_VALUE;
        var page = ledger.refusalsBefore(client, before, PAGE);
        return new RefusalsView(
                page.stream().map(it -> row(it, AuthorizationDetails.NONE)).toList(),
                client,
                wording.clients(),
                page.size() < PAGE
                        ? ""
                        : "/history/refused?client=" + Door.encode(client) + "&after="
                                + page.getLast().index());
    }

    Reply one(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var entry = ledger.entriesOf(request.pathParam("id")).stream()
                    .filter(it -> it.code() == Code.REQUEST_REFUSED)
                    .findFirst()
                    .orElseThrow(() -> HttpFault.of(404, "There is no such refusal."));
            var view = one(entry, visit.caller().may(ApiScope.LEDGER_READ));
            return Reply.html(200, renderer.page(door.frame(visit, "Refused at once", Section.HISTORY), view));
        });
    }

    private RefusalsView.One one(EntryView entry, boolean told) {
        var beside = told ? ledger.disclosures(entry.index()) : List.<Disclosed>of();
        var details = value(beside, Member.AUTHORIZATION_DETAILS)
                .map(AuthorizationDetails::new)
                .orElse(AuthorizationDetails.NONE);
        var facts = value(beside, Member.FACTS);
        var policy = inForce.get().policy();
        boolean same = policy.version().equals(entry.text(Member.POLICY_VERSION));
        return new RefusalsView.One(
                row(entry, details),
                risk(entry),
                told,
                beside.stream()
                        .filter(it -> !it.name().equals(Member.FACTS))
                        .map(it -> new Line(
                                it.name().replace('_', ' '),
                                it.value().map(Wording::inert).orElse("forgotten")))
                        .toList(),
                facts.filter(_ -> same)
                        .map(it -> policy.judge(Facts.fromJson(it)).trace().stream()
                                .map(RuleTrace::toString)
                                .toList())
                        .orElse(List.of()),
                same ? "" : "The rules have changed since, so how each of them weighed is not shown.",
                facts.map(RefusalPages::lines).orElse(List.of()),
                "#" + entry.index() + " " + entry.hash().text());
    }

    /// One that is not known is shown as such: it may be why a rule weighed as it did.
    private static List<Line> lines(String json) {
        var facts = Facts.fromJson(json);
        return FactSchema.facts().stream()
                .map(it -> new Line(it.name(), Wording.inert(facts.words(it.name()))))
                .toList();
    }

    private static Optional<String> value(List<Disclosed> beside, String name) {
        return beside.stream().filter(it -> it.name().equals(name)).findFirst().flatMap(Disclosed::value);
    }

    private RefusalsView.Row row(EntryView entry, AuthorizationDetails details) {
        var scopes = Scopes.of(entry.texts(Member.SCOPES));
        var resource = entry.text(Member.RESOURCE);
        long seconds = entry.number(Member.ASKED_LIFETIME);
        var asked = new Allowance(scopes, details, Duration.ofSeconds(seconds));
        var version = entry.text(Member.POLICY_VERSION);
        return new RefusalsView.Row(
                entry.request().orElse(""),
                new Sentence(
                        wording.client(entry.text(Member.CLIENT)),
                        asked.isEmpty() ? "do what its details say" : Wording.what(wording.items(asked, resource)),
                        wording.resource(resource),
                        seconds == 0 ? "" : Moment.words(asked.lifetime())),
                scopes.toString(),
                entry.text(Member.CLIENT),
                why(entry),
                entry.texts(Member.RULES),
                version.substring(0, Math.min(VERSION, version.length())),
                new Moment(entry.at()));
    }

    private static String why(EntryView entry) {
        var because = entry.text(Member.BECAUSE);
        return switch (because) {
            case "policy" ->
                entry.text(Member.SENTENCE).isEmpty()
                        ? "a rule denies it, or none speaks of it"
                        : ClientText.inert(entry.text(Member.SENTENCE));
            case "frozen" -> "minting was stopped";
            case "no-reason" -> "it gave no reason, which a rule requires";
            case "no-ticket" -> "it named no ticket, which a rule requires";
            case "no-reviewer" -> "nobody could have decided it";
            case "again-after" -> "the same was denied or had expired a short while before";
            case "too-many-pending" -> "too many of its requests were waiting";
            default -> because;
        };
    }

    private static Risk risk(EntryView entry) {
        return Arrays.stream(Risk.values())
                .filter(it -> it.word().equals(entry.text(Member.RISK)))
                .findFirst()
                .orElse(Risk.CRITICAL);
    }
}

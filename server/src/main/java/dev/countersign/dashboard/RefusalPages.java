package dev.countersign.dashboard;

import dev.countersign.approval.Allowance;
import dev.countersign.approval.InForce;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.RefusalsView.Kind;
import dev.countersign.dashboard.RefusalsView.Line;
import dev.countersign.dashboard.RefusalsView.Observing;
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
import dev.countersign.policy.Fact;
import dev.countersign.policy.FactSchema;
import dev.countersign.policy.Facts;
import dev.countersign.policy.RuleTrace;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `/history/refused`, what policy or the gate refused at once, and `/history/observed`, what was issued though policy
/// said otherwise, since it was observed only. From the ledger alone.
final class RefusalPages {
    private static final int PAGE = 25;
    private static final int VERSION = 8;

    /// How many entries are looked through for one page, and how many are read at once.
    private static final int LOOKED = 5_000;

    private static final int BATCH = 500;

    private static final Map<String, String> WOULD =
            Map.of(Member.REVIEW, "held", Member.DENY, "denied", Member.APPROVE, "capped");

    private final Door door;
    private final Ledger ledger;
    private final Wording wording;
    private final Renderer renderer;
    private final Supplier<InForce> inForce;
    private final InstantSource clock;

    RefusalPages(
            Door door,
            Ledger ledger,
            Wording wording,
            Renderer renderer,
            Supplier<InForce> inForce,
            InstantSource clock) {
        this.door = door;
        this.ledger = ledger;
        this.wording = wording;
        this.renderer = renderer;
        this.inForce = inForce;
        this.clock = clock;
    }

    Reply refused(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> page(visit, Kind.REFUSED, refused(visit)));
    }

    Reply observed(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> page(visit, Kind.OBSERVED, observed(visit)));
    }

    private Reply page(Visit visit, Kind kind, View view) {
        return Reply.html(200, renderer.page(door.frame(visit, kind.title(), Section.HISTORY), view));
    }

    private RefusalsView refused(Visit visit) {
        var client = visit.query("client");
        var page = ledger.refusalsBefore(client, before(visit), PAGE);
        return view(
                Kind.REFUSED,
                page,
                client,
                page.size() < PAGE ? 0 : page.getLast().index());
    }

    /// Looks through so many of the ledger's entries at once, whatever is among them.
    private RefusalsView observed(Visit visit) {
        var client = visit.query("client");
        var page = new ArrayList<EntryView>();
        long at = before(visit);
        for (int looked = 0; looked < LOOKED && page.size() < PAGE && at > 0; looked += BATCH) {
            var batch = ledger.entriesBefore(at, BATCH);
            at = batch.size() < BATCH ? 0 : batch.getLast().index();
            for (var entry : batch) {
                if (page.size() < PAGE
                        && Kind.OBSERVED == kind(entry)
                        && (client.isEmpty() || client.equals(entry.text(Member.CLIENT)))) {
                    page.add(entry);
                    at = page.size() == PAGE ? entry.index() : at;
                }
            }
        }
        return view(Kind.OBSERVED, page, client, at);
    }

    private static long before(Visit visit) {
        var after = visit.query("after");
        return after.matches("[0-9]{1,15}") ? Long.parseLong(after) : Long.MAX_VALUE;
    }

    /// @param last the index before which the next page begins; 0 when there is none
    private RefusalsView view(Kind kind, List<EntryView> page, String client, long last) {
        return new RefusalsView(
                kind,
                kind == Kind.OBSERVED ? observing() : List.of(),
                page.stream().map(it -> row(it, AuthorizationDetails.NONE)).toList(),
                client,
                wording.clients(),
                last == 0 ? "" : kind.path() + "?client=" + Door.encode(client) + "&after=" + last);
    }

    private List<Observing> observing() {
        var now = inForce.get();
        var at = clock.instant();
        var clients = now.clients().values().stream()
                .flatMap(it -> it.observe().filter(observe -> observe.holds(at)).stream()
                        .map(observe -> new Observing(wording.client(it.id()), new Moment(observe.until()))));
        var resources = now.resources().values().stream()
                .flatMap(it -> it.observe().filter(observe -> observe.holds(at)).stream()
                        .map(observe -> new Observing(wording.resource(it.id()), new Moment(observe.until()))));
        return Stream.concat(clients, resources)
                .sorted(Comparator.comparing(Observing::name))
                .toList();
    }

    private static @Nullable Kind kind(EntryView entry) {
        return entry.code() == Code.REQUEST_REFUSED
                ? Kind.REFUSED
                : entry.text(Member.BY).equals(Member.BY_OBSERVATION) ? Kind.OBSERVED : null;
    }

    Reply one(Request request, Kind kind) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var entry = ledger.entriesOf(request.pathParam("id")).stream()
                    .filter(it -> kind == kind(it))
                    .findFirst()
                    .orElseThrow(() -> HttpFault.of(404, "There is no such request here."));
            return page(visit, kind, one(kind, entry, visit.caller().may(ApiScope.LEDGER_READ)));
        });
    }

    private RefusalsView.One one(Kind kind, EntryView entry, boolean told) {
        var beside = told ? ledger.disclosures(entry.index()) : List.<Disclosed>of();
        var details = value(beside, Member.AUTHORIZATION_DETAILS)
                .map(AuthorizationDetails::new)
                .orElse(AuthorizationDetails.NONE);
        var facts = value(beside, Member.FACTS);
        var policy = inForce.get().policy();
        boolean same = policy.version().equals(entry.text(Member.POLICY_VERSION));
        return new RefusalsView.One(
                kind,
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
                facts.map(it -> lines(Facts.fromJson(it))).orElse(List.of()),
                "#" + entry.index() + " " + entry.hash().text());
    }

    /// One that is not known is shown as such: it may be why a rule weighed as it did. Of sources there is what
    /// they said, and why those that were asked said nothing.
    static List<Line> lines(Facts facts) {
        var named = Stream.concat(FactSchema.facts().stream().map(Fact::name), facts.ofSources().stream());
        var silent = facts.silent().entrySet().stream()
                .map(it -> new Line("source " + it.getKey(), Wording.inert(it.getValue())));
        return Stream.concat(named.map(it -> new Line(it, Wording.fact(facts, it))), silent)
                .toList();
    }

    private static Optional<String> value(List<Disclosed> beside, String name) {
        return beside.stream().filter(it -> it.name().equals(name)).findFirst().flatMap(Disclosed::value);
    }

    private RefusalsView.Row row(EntryView entry, AuthorizationDetails details) {
        var scopes = Scopes.of(entry.texts(Member.SCOPES));
        var resource = entry.text(Member.RESOURCE);
        boolean minted = entry.code() == Code.TOKEN_MINTED;
        long seconds = entry.number(minted ? Member.LIFETIME : Member.ASKED_LIFETIME);
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
                minted && entry.text(Member.BECAUSE).isEmpty()
                        ? WOULD.getOrDefault(entry.text(Member.VERDICT), "observed")
                        : "refused",
                minted ? would(entry) : why(entry),
                entry.texts(Member.RULES),
                version.substring(0, Math.min(VERSION, version.length())),
                new Moment(entry.at()));
    }

    /// What would have come of what was observed only.
    private String would(EntryView entry) {
        var why = why(entry);
        return switch (entry.text(Member.VERDICT)) {
            case Member.REVIEW ->
                "people would have been asked: " + String.join(", ", stages(entry))
                        + (entry.text(Member.BECAUSE).isEmpty() ? "" : "; but it would have been refused: " + why);
            case Member.DENY -> "it would have been denied: " + why;
            default ->
                "its token would have lived " + Moment.words(Duration.ofSeconds(entry.number(Member.VERDICT_LIFETIME)));
        };
    }

    private static List<String> stages(EntryView entry) {
        return entry.body().get(Member.STAGES) instanceof List<?> stages
                ? stages.stream()
                        .map(it -> it instanceof Map<?, ?> stage
                                ? stage.get(Member.VOTES) + " of " + stage.get(Member.GROUP)
                                : "")
                        .toList()
                : List.of();
    }

    private static String why(EntryView entry) {
        var because = entry.text(Member.BECAUSE);
        return switch (because) {
            case "policy", "" ->
                entry.text(Member.SENTENCE).isEmpty()
                        ? "a rule denies it, or none speaks of it"
                        : ClientText.inert(entry.text(Member.SENTENCE));
            case "frozen" -> "minting was stopped";
            case "no-reason" -> "it gave no reason, which a rule requires";
            case "no-ticket" -> "it named no ticket, which a rule requires";
            case "no-reviewer" -> "nobody could have decided it";
            case "break-glass-no-reason" -> "it asked to break the glass and did not say why";
            case "break-glass-used-up" -> "the glass was broken as often as it may be";
            case "break-glass-overdue" -> "people had not looked in time at glass that was broken before";
            case "break-glass-objected" -> "somebody had objected to glass that was broken before";
            case "again-after" -> "the same was denied or had expired a short while before";
            case "too-early" -> "it was asked for too long before its start";
            case "too-many-pending" -> "too many of its requests were waiting";
            case "reviewers-full" -> "as much as may waited already for everybody who could have decided it";
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

package dev.countersign.dashboard;

import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.Administration;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Approvals;
import dev.countersign.approval.Attestation;
import dev.countersign.approval.Briefed;
import dev.countersign.approval.Comment;
import dev.countersign.approval.Enrolment;
import dev.countersign.approval.Handed;
import dev.countersign.approval.MintedToken;
import dev.countersign.approval.Question;
import dev.countersign.approval.Seen;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote;
import dev.countersign.http.Json;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.PasskeyPath;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Risk;
import dev.countersign.people.Absence;
import dev.countersign.people.Caller;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Facts;
import dev.countersign.store.Store;
import dev.countersign.usage.Profiles;
import dev.countersign.usage.UsageFacts;
import dev.countersign.usage.Week;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Puts one request into the words of its page. What is not known is left out or said to be unknown, never guessed.
final class RequestWords {
    private static final int FINDINGS = 4;
    private static final int HARMS = 4;
    private static final int LOOKED_BACK = 50;

    private final Wording wording;
    private final Store store;
    private final Approvals approvals;
    private final Profiles profiles;
    private final Ledger ledger;
    private final AskingWords asking;

    RequestWords(
            Wording wording, Store store, Approvals approvals, Profiles profiles, Ledger ledger, AskingWords asking) {
        this.wording = wording;
        this.store = store;
        this.approvals = approvals;
        this.profiles = profiles;
        this.ledger = ledger;
        this.asking = asking;
    }

    /// @param publication what is kept for reviewers of the publication that it asks for
    RequestView view(Seen seen, Optional<Briefed> publication, Caller caller, boolean mayVote, Instant now) {
        var question = seen.approval().question();
        var request = question.request();
        var findings = QueuePages.findings(seen);
        var grants = grants(request.client());
        var harms = wording.harms(question.ask(), request.resource());
        return new RequestView(
                request.id(),
                wording.sentence(question),
                request.scopes().toString(),
                question.risk(),
                status(seen, caller, mayVote, now),
                new RequestView.Judged(
                        "Review",
                        question.verdict().rules(),
                        question.verdict()
                                .version()
                                .substring(
                                        0,
                                        Math.min(8, question.verdict().version().length())),
                        findings.stream().limit(FINDINGS).toList(),
                        quiet(question),
                        Math.max(0, findings.size() - FINDINGS)),
                publication.map(PublicationWords::of),
                grant(seen, grants),
                requester(seen, grants, now),
                Wording.inert(request.reason()),
                ClientText.inert(request.ticket(), ClientText.TICKET),
                talk(seen, caller),
                asking.of(seen, mayVote, now),
                new RequestView.Habit(habit(seen, now), picture(seen)),
                harms.stream().limit(HARMS).toList(),
                mayVote && seen.mayVote()
                        ? Optional.of(choice(seen, caller.person().id()))
                        : Optional.empty(),
                folded(seen, findings.stream().skip(FINDINGS).toList()),
                "");
    }

    /// What an approval would grant now: what is asked, less what votes so far leave out.
    Allowance effective(Approval approval) {
        var ask = approval.question().ask();
        var types = wording.types(approval.question().request().resource());
        return switch (approval) {
            case Approval.Approved it -> it.granted();
            case Approval.Redeemed it -> it.token().granted();
            case Approval.Revoked it -> it.token().map(MintedToken::granted).orElse(ask);
            case Approval.Pending _, Approval.Denied _, Approval.Expired _, Approval.Cancelled _ ->
                approval.question().granted(approval.heard(), types);
        };
    }

    private RequestView.Status status(Seen seen, Caller caller, boolean mayVote, Instant now) {
        var approval = seen.approval();
        boolean votes = mayVote && seen.mayVote();
        return new RequestView.Status(
                approval.state(),
                Wording.headline(approval),
                approval.deadline().map(it -> Left.of(now, it)),
                you(seen, caller, votes),
                votes ? decides(seen) : "",
                StageLine.of(seen.places()),
                approval.heard().stream().map(it -> vote(it, approval)).toList(),
                Stream.concat(
                                Stream.of(elsewhere(seen)).filter(Predicate.not(String::isEmpty)),
                                seen.away().stream().map(it -> away(it, approval)))
                        .toList(),
                Integer.toString(approval.heard().size()));
    }

    private String away(Absence it, Approval approval) {
        var stands = approval.question().verdict().substitutes()
                ? it.substitute()
                        .map(who -> "; " + wording.person(who) + " stands in")
                        .orElse("")
                : "";
        return wording.person(it.person()) + " is away until " + new Moment(it.until()).utc() + stands;
    }

    private RequestView.Talk talk(Seen seen, Caller caller) {
        return new RequestView.Talk(
                seen.comments().stream().map(this::line).toList(),
                seen.mayComment(),
                seen.asks(),
                seen.claim().map(it -> wording.person(it.person())).orElse(""),
                seen.claim()
                        .filter(it -> it.person().equals(caller.person().id()))
                        .isPresent());
    }

    private RequestView.Line line(Comment comment) {
        return new RequestView.Line(
                wording.actor(comment.by().kind(), comment.by().id()),
                comment.side() == Comment.Side.REQUESTER,
                Wording.inert(comment.words()),
                new Moment(comment.at()));
    }

    private String you(Seen seen, Caller caller, boolean votes) {
        if (!(seen.approval() instanceof Approval.Pending)) {
            return "";
        }
        if (seen.voted()) {
            return "You have voted.";
        }
        if (votes) {
            return handed(seen) + asked(seen);
        }
        return seen.whyNot().isEmpty()
                ? "You may look, " + caller.person().name() + ", but not vote."
                : Wording.asSentence(seen.whyNot());
    }

    /// That somebody handed it on to the viewer comes first: it is why they look.
    private String handed(Seen seen) {
        return seen.mine() ? handedOn(seen.handed().orElseThrow(), "you") + " " : "";
    }

    private String handedOn(Handed it, String whom) {
        return wording.person(it.by()) + " handed it on to " + whom + ": “" + Wording.inert(it.reason()) + "”.";
    }

    private String elsewhere(Seen seen) {
        return seen.handed()
                .filter(_ -> !seen.mine())
                .map(it -> handedOn(
                        it,
                        switch (it.to()) {
                            case Handed.To.Person(var person) -> wording.person(person);
                            case Handed.To.Group(var group) -> group;
                        }))
                .orElse("");
    }

    private String asked(Seen seen) {
        if (seen.inPlaceOf().isPresent()) {
            return "You are asked in place of "
                    + wording.person(seen.inPlaceOf().get())
                    + ", who is away and for whom you stand in. It counts as one vote, theirs.";
        }
        var own = seen.seats().stream()
                .filter(it -> !seen.escalated().contains(it))
                .sorted()
                .toList();
        if (!own.isEmpty()) {
            return "You are asked as a member of " + String.join(" and ", own) + onCall(seen, own) + ".";
        }
        var to = seen.places().stream()
                .filter(it -> seen.escalated().contains(it.group()))
                .flatMap(it -> it.escalates().stream())
                .map(Seen.Escalates::to)
                .distinct()
                .sorted()
                .toList();
        return "It has waited for long, so it escalated to you as a member of " + String.join(" and ", to)
                + onCall(seen, to) + ": you may decide in place of "
                + String.join(" and ", seen.escalated().stream().sorted().toList()) + ".";
    }

    /// Where somebody is in a group while they are on call: ", on call for payments until 18:00 UTC".
    private static String onCall(Seen seen, Collection<String> groups) {
        var words = seen.onCall().entrySet().stream()
                .filter(it -> groups.contains(it.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .map(it -> "on call for " + it.getKey() + " until " + new Moment(it.getValue()).utc())
                .collect(Collectors.joining(" and "));
        return words.isEmpty() ? "" : ", " + words;
    }

    private static String decides(Seen seen) {
        if (seen.rests().isPresent()) {
            return "You approved so much of late that its rules want somebody rested: your approval counts again from "
                    + new Moment(seen.rests().get()).utc() + " on. A denial counts now.";
        }
        if (seen.decides()) {
            return "Your approval decides it. A denial ends it.";
        }
        int open = seen.places().stream().mapToInt(Seen.Place::open).sum() - 1;
        return "After your approval, " + (open == 1 ? "one more is" : open + " more are")
                + " needed. A denial ends it.";
    }

    private RequestView.VoteLine vote(Vote vote, Approval approval) {
        var question = approval.question();
        return new RequestView.VoteLine(
                wording.person(vote.reviewer())
                        + vote.inPlaceOf()
                                .map(it -> ", in place of " + wording.person(it) + ",")
                                .orElse(""),
                vote.word() == Vote.Word.APPROVE,
                vote.narrowed()
                        .map(it -> wording.narrowed(
                                it, question.ask(), question.request().resource()))
                        .orElse(""),
                Wording.inert(vote.comment()),
                new Moment(vote.at()),
                vote.signed(),
                vote.via().map(Via::word).map(Wording::via).orElse(""));
    }

    private RequestView.Grant grant(Seen seen, List<Approval> grants) {
        var approval = seen.approval();
        var request = approval.question().request();
        var granted = effective(approval);
        var last = grants.stream()
                .filter(it -> !it.id().equals(request.id()))
                .filter(it -> it.question().request().resource().equals(request.resource()))
                .flatMap(it -> token(it).stream())
                .filter(it -> !it.at().isAfter(request.madeAt()))
                .max(Comparator.comparing(MintedToken::at));
        var terms = terms(seen, granted.uses(), request, last);
        return new RequestView.Grant(
                switch (approval) {
                    case Approval.Pending _, Approval.Approved _ -> "Will be " + terms.done();
                    case Approval.Redeemed _ -> "Was " + terms.done();
                    case Approval.Revoked it -> it.token().isPresent() ? "Was " + terms.done() : "Was asked";
                    case Approval.Denied _, Approval.Expired _, Approval.Cancelled _ -> "Was asked";
                },
                wording.resource(request.resource()),
                request.resource(),
                wording.items(granted, request.resource()).stream()
                        .map(it -> it.marked(last.isEmpty() || had(last.get().granted(), it, granted) ? "" : "new"))
                        .toList(),
                Moment.words(granted.lifetime()),
                last.filter(it -> !it.granted().lifetime().equals(granted.lifetime()))
                        .map(it -> "was " + Moment.words(it.granted().lifetime()))
                        .orElse(""),
                terms.uses(),
                request.start().filter(request.madeAt()::isBefore).map(Moment::new),
                terms.key(),
                terms.compared(),
                last.map(it -> wording.missing(granted, it.granted(), request.resource()))
                        .orElse(List.of()));
    }

    /// What comes of an approval beside what is asked: a token, or what is done instead of giving one.
    ///
    /// @param done "granted"
    /// @param uses what stands beside the lifetime; empty where there is none
    /// @param key empty where no token is given
    private record Terms(String done, String uses, String key, String compared) {}

    private Terms terms(Seen seen, int granted, AccessRequest request, Optional<MintedToken> last) {
        var attested = Attestation.of(request);
        if (attested.isPresent()) {
            return attests(wording.client(attested.get()), last);
        }
        if (Enrolment.is(request)) {
            return aboutPasskey(request);
        }
        if (request.client().equals(Administration.CLIENT)) {
            return new Terms(
                    "put in force",
                    "",
                    "",
                    "No token comes of it: the configuration is put in force within seconds of its approval.");
        }
        return new Terms(
                "granted",
                uses(seen, granted),
                request.key().isEmpty() ? "not bound to a key" : "bound to the key " + cut(request.key(), 16),
                last.map(it -> "beside what people granted it last here, " + new Moment(it.at()).day())
                        .orElse("people have granted it nothing here before"));
    }

    private static Terms aboutPasskey(AccessRequest request) {
        var compare = " Its fingerprint is " + PasskeyPath.fingerprint(request.resource())
                + "; compare it with the page of whoever has it.";
        return Enrolment.enrols(request)
                ? new Terms(
                        "enrolled",
                        "",
                        "",
                        "No token comes of it: from then on the passkey signs decisions in its person's name."
                                + compare)
                : new Terms(
                        "removed",
                        "",
                        "",
                        "No token comes of it: from then on the passkey signs nothing any more." + compare);
    }

    private static Terms attests(String client, Optional<MintedToken> last) {
        return new Terms(
                "attested",
                "or until its next token or a freeze",
                "",
                "No token comes of it. While it holds, rules may put what " + client
                        + " asks for before people instead of denying it as dormant, and nothing of it passes unattended."
                        + last.map(it -> " It was attested last on " + new Moment(it.at()).utc() + ".")
                                .orElse(""));
    }

    /// A token is minted for one use, so what was granted says nothing of the others: the table of grants does.
    private static String uses(Seen seen, int granted) {
        var question = seen.approval().question();
        int asked = question.ask().uses();
        if (asked == 1) {
            return "one token";
        }
        if (seen.used().isPresent()) {
            return "each of up to " + asked + " tokens; " + seen.used().getAsInt() + " given so far";
        }
        return granted == 1
                ? "one token"
                : "each of up to " + granted + " tokens in "
                        + Moment.words(question.verdict().collect());
    }

    private static boolean had(Allowance last, RequestView.Item item, Allowance granted) {
        return item.scope()
                ? last.scopes().contains(item.value())
                : last.details().objects().contains(granted.details().objects().get(Integer.parseInt(item.value())));
    }

    private RequestView.Requester requester(Seen seen, List<Approval> grants, Instant now) {
        var question = seen.approval().question();
        var request = question.request();
        var origin = request.origin();
        return new RequestView.Requester(
                wording.client(request.client()),
                request.client(),
                question.ownedBy(),
                Wording.method(origin.method()) + ", credential " + cut(origin.credential(), 16),
                request.subject().equals(request.client())
                        ? "for itself"
                        : Administration.isServer(request.client())
                                ? "for " + wording.person(new PersonId(request.subject()))
                                : "on behalf of " + ClientText.inert(request.subject(), 100),
                origin.address(),
                ClientText.inert(origin.userAgent(), 200),
                Administration.isServer(request.client()) ? "" : holds(grants, now));
    }

    /// Of what people granted; what policy approves at once is in the ledger only and not looked up here.
    private String holds(List<Approval> grants, Instant now) {
        var alive = grants.stream()
                .filter(it -> it instanceof Approval.Redeemed)
                .flatMap(it -> token(it).stream())
                .filter(it -> it.expiresAt().isAfter(now))
                .toList();
        if (alive.isEmpty()) {
            return "no token that people granted";
        }
        var scopes = alive.stream()
                .flatMap(it -> it.granted().scopes().names().stream())
                .distinct()
                .toList();
        var longest = alive.stream()
                .map(MintedToken::expiresAt)
                .max(Comparator.naturalOrder())
                .orElse(now);
        return (alive.size() == 1 ? "1 token" : alive.size() + " tokens") + " that people granted: "
                + String.join(" ", scopes) + ", for " + Moment.words(Duration.between(now, longest)) + " more";
    }

    /// What people granted this client of late, the newest first.
    private List<Approval> grants(String client) {
        var filter = new Approvals.Filter(List.of("redeemed", "revoked"), client, Optional.empty(), "", "");
        return store.read(tx -> approvals.list(tx, filter, LOOKED_BACK)).stream()
                .map(Approvals.Row::approval)
                .toList();
    }

    private static Optional<MintedToken> token(Approval approval) {
        return switch (approval) {
            case Approval.Redeemed it -> Optional.of(it.token());
            case Approval.Revoked it -> it.token();
            case Approval.Pending _, Approval.Approved _, Approval.Denied _, Approval.Expired _, Approval.Cancelled _ ->
                Optional.empty();
        };
    }

    /// No findings are good news only where usage was known when the request was made.
    private static String quiet(Question question) {
        return Facts.fromJson(question.facts()).value("usage.idle_days").isPresent()
                ? "No findings."
                : "No findings, but its usage was not known either.";
    }

    private String habit(Seen seen, Instant now) {
        var request = seen.approval().question().request();
        return switch (profiles.about(user(request), request.resource(), request.scopes(), now)) {
            case UsageFacts.Unknown it -> "Unknown: " + it.because() + ".";
            case UsageFacts.Known it ->
                it.use()
                        .map(use -> (use.uses() == 1 ? "1 token" : use.uses() + " tokens") + " on "
                                + (use.days() == 1 ? "1 day" : use.days() + " days") + " since "
                                + new Moment(use.first()).utc() + "; the last "
                                + Moment.words(Duration.between(use.last(), now)) + " ago.")
                        .orElse("It never had a token.");
        };
    }

    /// Whose use is of interest: of the client that is to be attested, where that is asked.
    private static String user(AccessRequest request) {
        return Attestation.of(request).orElse(request.client());
    }

    /// None of a client that never had a token: 168 empty cells tell nothing.
    private Optional<Picture> picture(Seen seen) {
        var request = seen.approval().question().request();
        return profiles.weekOf(user(request)).map(it -> Picture.of(it, Week.hour(request.madeAt())));
    }

    private RequestView.Choice choice(Seen seen, PersonId viewer) {
        var question = seen.approval().question();
        var resource = question.request().resource();
        return new RequestView.Choice(
                needsSecond(question.risk()),
                wording.items(question.ask(), resource).stream()
                        .map(it -> option(it, question.ask(), resource))
                        .toList(),
                question.ask().lifetime().toSeconds(),
                question.ask().uses(),
                question.verdict().signed(),
                asking.others(seen, viewer));
    }

    private RequestView.Option option(RequestView.Item item, Allowance ask, String resource) {
        if (item.scope()) {
            return new RequestView.Option(item, List.of(), List.of());
        }
        int at = Integer.parseInt(item.value());
        var object = ask.details().objects().get(at);
        var types = wording.types(resource);
        return new RequestView.Option(item, Choices.amounts(object, at, types), Choices.lists(object, at, types));
    }

    /// Whether approving this takes a second step.
    static boolean needsSecond(Risk risk) {
        return risk.compareTo(Risk.HIGH) >= 0;
    }

    private RequestView.Folded folded(Seen seen, List<FindingLine> more) {
        var question = seen.approval().question();
        var json = Json.canonical(Json.node(question.request()));
        var events = new ArrayList<RequestView.Event>();
        for (var entry : ledger.entriesOf(question.request().id())) {
            events.add(event(entry));
        }
        return new RequestView.Folded(
                ClientText.inert(json),
                sha256(json),
                more,
                question.trace().stream().map(ClientText::inert).toList(),
                List.copyOf(events));
    }

    private RequestView.Event event(EntryView entry) {
        return new RequestView.Event(
                new Moment(entry.at()),
                entry.code().wire() + ", "
                        + wording.actor(entry.actor().kind(), entry.actor().id()),
                "#" + entry.index() + " " + entry.hash().text());
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String cut(String text, int most) {
        return ClientText.inert(text, most);
    }
}

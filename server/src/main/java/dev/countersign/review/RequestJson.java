package dev.countersign.review;

import dev.countersign.approval.Allowance;
import dev.countersign.approval.Alternative;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Attestation;
import dev.countersign.approval.Comment;
import dev.countersign.approval.ExpectedWait;
import dev.countersign.approval.Foresight;
import dev.countersign.approval.Handed;
import dev.countersign.approval.MintedToken;
import dev.countersign.approval.Nudge;
import dev.countersign.approval.Outlook;
import dev.countersign.approval.Seen;
import dev.countersign.approval.Vote;
import dev.countersign.http.Json;
import dev.countersign.ledger.Entry;
import dev.countersign.people.Absence;
import dev.countersign.people.People;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Verdict;
import dev.countersign.usage.Finding;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A request as the API shows it. Times are RFC 3339 in UTC, durations are seconds.
final class RequestJson {
    private final People people;

    RequestJson(People people) {
        this.people = people;
    }

    /// As it stands in a list.
    Map<String, Object> row(Seen seen) {
        var approval = seen.approval();
        var question = approval.question();
        var request = question.request();
        var json = new LinkedHashMap<String, Object>();
        json.put("id", approval.id());
        json.put("state", approval.state());
        json.put("client", request.client());
        json.put("subject", request.subject());
        json.put("resource", request.resource());
        Attestation.of(request).ifPresent(it -> json.put("attests", it));
        json.put("scopes", request.scopes().names());
        json.put("authorization_details", request.details().objects());
        json.put("risk", question.risk().word());
        json.put("reason", request.reason());
        json.put("ticket", request.ticket());
        json.put("lifetime", question.ask().lifetime().toSeconds());
        json.put("uses", question.ask().uses());
        request.start().ifPresent(it -> json.put("starts_at", it.toString()));
        seen.used().ifPresent(it -> json.put("used", it));
        json.put("key_bound", !request.key().isEmpty());
        json.put("created_at", request.madeAt().toString());
        json.put("expires_at", approval.deadline().orElse(question.decideBy()).toString());
        json.put(
                "verdict",
                Map.of(
                        "verdict", "review",
                        "rule", question.verdict().rule(),
                        "rules", question.verdict().rules(),
                        "version", question.verdict().version()));
        json.put("signed", question.verdict().signed());
        json.put("stages", seen.places().stream().map(RequestJson::stage).toList());
        var facts = Facts.fromJson(question.facts());
        json.put(
                "findings",
                seen.findings().stream().map(it -> finding(it, facts)).toList());
        json.put("score", score(facts));
        json.put("may_vote", seen.mayVote());
        json.put("decides", seen.decides());
        json.put("voted", seen.voted());
        seen.inPlaceOf().ifPresent(it -> json.put("in_place_of", name(it)));
        if (!seen.onCall().isEmpty()) {
            json.put("on_call", onCall(seen.onCall()));
        }
        json.put("why_not", seen.whyNot());
        json.put("asked", seen.hasQuestion());
        seen.handed().ifPresent(it -> json.put("handed", handed(it, seen.mine())));
        seen.claim()
                .ifPresent(it -> json.put(
                        "claim",
                        Map.of("person", name(it.person()), "until", it.until().toString())));
        return json;
    }

    /// As it stands alone.
    ///
    /// @param timeline its ledger entries
    Map<String, Object> whole(Seen seen, List<Map<String, Object>> timeline) {
        var json = row(seen);
        var question = seen.approval().question();
        var origin = question.request().origin();
        json.put(
                "origin",
                Map.of(
                        "auth_method", origin.method(),
                        "credential", origin.credential(),
                        "address", origin.address(),
                        "user_agent", origin.userAgent()));
        json.put("trace", question.trace());
        json.put("votes", seen.approval().heard().stream().map(this::vote).toList());
        json.put("away", seen.away().stream().map(this::away).toList());
        json.put("comments", seen.comments().stream().map(this::comment).toList());
        outcome(json, seen.approval());
        json.put("requester", seen.asks());
        seen.rests().ifPresent(it -> json.put("rests_until", it.toString()));
        seen.nudge().ifPresent(it -> json.put("nudge", nudge(it)));
        json.put("timeline", timeline);
        json.put("last_entry", seen.lastEntry().text());
        return json;
    }

    /// Whom a request waits for, and how long that usually takes.
    void outlook(Map<String, Object> json, Outlook outlook) {
        json.put("waits_for", outlook.asked().stream().map(this::asked).toList());
        outlook.usual().ifPresent(it -> json.put("expected_wait", usual(it)));
    }

    private Map<String, Object> asked(Outlook.Asked it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("group", it.group());
        json.put("needed", it.needed());
        json.put("votes", it.needed() - it.open());
        json.put("people", it.people().stream().map(this::name).toList());
        json.put("away", it.away().stream().map(this::away).toList());
        return json;
    }

    static Map<String, Object> usual(ExpectedWait it) {
        return Map.of(
                "median", it.median().toSeconds(),
                "p95", it.slow().toSeconds(),
                "decided", it.decided(),
                "undecided", it.undecided());
    }

    static Map<String, Object> nudge(Nudge it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("times", it.times());
        if (it.times() > 0) {
            json.put("last", it.at().toString());
        }
        json.put("next", it.next().toString());
        return json;
    }

    /// What smaller request would get further.
    static List<Map<String, Object>> instead(List<Alternative> all) {
        return all.stream()
                .map(it -> {
                    var json = new LinkedHashMap<String, Object>();
                    switch (it) {
                        case Alternative.ByPolicy(_, var verdict, var rules) -> {
                            json.put("by", "policy");
                            json.put("verdict", verdict);
                            json.put("rules", rules);
                        }
                        case Alternative.ByPeople(_, var at) -> {
                            json.put("by", "people");
                            json.put("at", at.toString());
                        }
                    }
                    json.putAll(allowance(it.what()));
                    return (Map<String, Object>) json;
                })
                .toList();
    }

    /// What would become of a request that nobody has made.
    Map<String, Object> foreseen(Foresight.Foreseen it) {
        var judged = it.judged();
        var json = new LinkedHashMap<String, Object>();
        json.put("client", judged.request().client());
        json.put("resource", judged.request().resource());
        json.put("verdict", judged.verdict().word());
        json.put("rules", judged.verdict().rules());
        json.put("version", judged.verdict().version());
        json.put("observed", judged.observed().isPresent());
        json.put("risk", judged.risk().word());
        json.put("most", allowance(judged.ask()));
        it.hindrance()
                .ifPresent(why -> json.put(
                        "refused",
                        Map.of(
                                "because",
                                why.word(),
                                "sentence",
                                judged.verdict() instanceof Verdict.Deny deny ? deny.reason() : why.said())));
        if (judged.verdict() instanceof Verdict.Review review) {
            json.put("within", review.within().toSeconds());
        }
        it.outlook().ifPresent(outlook -> outlook(json, outlook));
        var facts = Facts.fromJson(judged.facts());
        json.put(
                "findings",
                judged.findings().stream().map(each -> finding(each, facts)).toList());
        json.put("instead", instead(it.instead()));
        return json;
    }

    /// What a publication makes otherwise, and who wants it in force.
    ///
    /// @param shown as it was kept with the request
    Map<String, Object> publication(Approval approval, String shown) {
        var json = new LinkedHashMap<String, Object>();
        json.put("publisher", name(new PersonId(approval.question().request().subject())));
        Json.read(shown).properties().forEach(it -> json.put(it.getKey(), it.getValue()));
        return json;
    }

    private void outcome(Map<String, Object> json, Approval approval) {
        switch (approval) {
            case Approval.Pending _ -> json.put("decided_at", "");
            case Approval.Approved it -> {
                json.put("decided_at", it.at().toString());
                json.put("granted", allowance(it.granted()));
                json.put("approved_until", it.until().toString());
            }
            case Approval.Redeemed it -> {
                json.put("decided_at", it.approvedAt().toString());
                json.put("granted", allowance(it.token().granted()));
                json.put("approved_until", it.until().toString());
                json.put("token", token(it.token()));
            }
            case Approval.Denied it -> ended(json, it.at(), it.because());
            case Approval.Expired it -> ended(json, it.at(), "nobody decided or collected in time");
            case Approval.Cancelled it -> ended(json, it.at(), "taken back by the client");
            case Approval.Revoked it -> {
                ended(json, it.at(), it.because());
                it.token().ifPresent(token -> json.put("token", token(token)));
            }
        }
    }

    private static void ended(Map<String, Object> json, Instant at, String because) {
        json.put("decided_at", at.toString());
        json.put("because", because);
    }

    private static Map<String, Object> allowance(Allowance it) {
        return Map.of(
                "scopes", it.scopes().names(),
                "authorization_details", it.details().objects(),
                "lifetime", it.lifetime().toSeconds(),
                "uses", it.uses());
    }

    private static Map<String, Object> token(MintedToken it) {
        return Map.of(
                "jti", it.id(),
                "issued_at", it.at().toString(),
                "expires_at", it.expiresAt().toString(),
                "entry", it.entry().text());
    }

    private Map<String, Object> vote(Vote vote) {
        var json = new LinkedHashMap<String, Object>();
        json.put("person", name(vote.reviewer()));
        json.put("vote", vote.word().name().toLowerCase(Locale.ROOT));
        vote.inPlaceOf().ifPresent(it -> json.put("in_place_of", name(it)));
        json.put("comment", vote.comment());
        json.put("at", vote.at().toString());
        json.put("signed", vote.signed());
        vote.via().ifPresent(it -> json.put("via", it.word()));
        vote.narrowed().ifPresent(it -> json.put("narrowed", allowance(it)));
        json.put("entry", vote.leaf().text());
        return json;
    }

    private Map<String, Object> away(Absence it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("person", name(it.person()));
        json.put("until", it.until().toString());
        it.substitute().ifPresent(who -> json.put("substitute", name(who)));
        return json;
    }

    private Map<String, Object> comment(Comment comment) {
        var json = new LinkedHashMap<String, Object>();
        json.put("side", comment.side().word());
        json.put(comment.by().kind(), by(comment.by()));
        json.put("comment", comment.words());
        json.put("at", comment.at().toString());
        return json;
    }

    private String by(Entry.Actor actor) {
        return actor.kind().equals("person") ? name(new PersonId(actor.id())) : actor.id();
    }

    private Map<String, Object> handed(Handed it, boolean mine) {
        var json = new LinkedHashMap<String, Object>();
        json.put("by", name(it.by()));
        switch (it.to()) {
            case Handed.To.Person(var person) -> json.put("person", name(person));
            case Handed.To.Group(var group) -> json.put("group", group);
        }
        json.put("reason", it.reason());
        json.put("at", it.at().toString());
        json.put("mine", mine);
        return json;
    }

    /// The one person here of that user name.
    ///
    /// @throws Problem when nobody has it, or several have
    PersonId person(String user) {
        return UserNames.person(people, user, "the request's page");
    }

    /// A person's user name; the pseudonym of one who was forgotten.
    String name(PersonId id) {
        return people.user(id);
    }

    private static List<Map<String, Object>> onCall(Map<String, Instant> groups) {
        return groups.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(it -> Map.<String, Object>of(
                        "group", it.getKey(), "until", it.getValue().toString()))
                .toList();
    }

    private static Map<String, Object> stage(Seen.Place place) {
        var json = new LinkedHashMap<String, Object>();
        json.put("group", place.group());
        json.put("needed", place.needed());
        json.put("votes", place.needed() - place.open());
        place.escalates()
                .ifPresent(it -> json.put(
                        "escalates", Map.of("to", it.to(), "at", it.at().toString())));
        return json;
    }

    /// @param facts those that policy was told
    private static Map<String, Object> finding(Finding finding, Facts facts) {
        var numbers = new LinkedHashMap<String, Object>();
        finding.facts().forEach(name -> facts.value(name).ifPresent(it -> numbers.put(name, it)));
        return Map.of(
                "code", finding.code(),
                "tone", finding.tone().name().toLowerCase(Locale.ROOT),
                "sentence", finding.sentence(),
                "facts", numbers);
    }

    /// What the findings add up to, and what each of them adds. No points where usage was unknown.
    private static Map<String, Object> score(Facts facts) {
        var terms = new LinkedHashMap<String, Object>();
        if (facts.value("usage.score_terms").orElse(List.of()) instanceof List<?> list) {
            for (var term : list) {
                var parts = term.toString().split(" ", 2);
                terms.put(parts[0], Long.valueOf(parts[1]));
            }
        }
        var json = new LinkedHashMap<String, Object>();
        facts.value("usage.score").ifPresent(it -> json.put("points", it));
        json.put("terms", terms);
        return json;
    }
}

package dev.countersign.approval;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Entry.Actor;
import dev.countersign.ledger.Entry.Disclosure;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Member;
import dev.countersign.people.PersonId;
import dev.countersign.policy.BreakGlass;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The ledger entries of a request's life, one method a step. `docs/approvals.md` has their table.
final class Entries {
    static final Actor POLICY = new Actor("policy", "policy");
    static final Actor CLOCK = new Actor("system", "clock");

    private Entries() {}

    /// It passes at once, by policy or since it is observed only: request, verdict and mint in one leaf.
    ///
    /// @param because why it would be refused at once where policy wants people to decide; empty when they would be
    ///     asked
    static Entry passed(
            Judged judged,
            Allowance granted,
            Optional<Because> because,
            String tokenId,
            Instant issued,
            Instant expires,
            Instant at) {
        var request = judged.request();
        var body = asked(request, judged.ownedBy(), judged.reasonDigest());
        body.put(Member.BY, judged.isFollowed() ? Member.BY_POLICY : Member.BY_OBSERVATION);
        if (judged.isFollowed()) {
            glass(judged.verdict()).ifPresent(it -> owes(body, it, at));
        }
        body.put(Member.RISK, judged.risk().word());
        body.put(Member.RULES, judged.verdict().rules());
        body.put(Member.POLICY_VERSION, judged.verdict().version());
        observed(body, judged);
        if (!judged.isFollowed()) {
            unfollowed(body, judged, because);
        }
        minted(body, granted, tokenId, issued, expires);
        return alone(judged, granted, at, body);
    }

    /// A token whose one entry has all that is known of its request.
    private static Entry alone(Judged judged, Allowance granted, Instant at, Map<String, Object> body) {
        var request = judged.request();
        var disclosures = said(request);
        disclosures.add(new Disclosure(request.client(), Member.FACTS, judged.facts()));
        return entry(
                Code.TOKEN_MINTED,
                at,
                client(request),
                request,
                Optional.empty(),
                Optional.of(granted),
                body,
                disclosures);
    }

    private static void observed(Map<String, Object> body, Judged judged) {
        judged.observed().ifPresent(it -> {
            body.put(Member.OBSERVED, it.of());
            body.put(Member.OBSERVED_UNTIL, it.until().toEpochMilli());
        });
    }

    /// What policy would have done.
    private static void unfollowed(Map<String, Object> body, Judged judged, Optional<Because> because) {
        body.put(Member.VERDICT, judged.verdict().word());
        because.ifPresent(it -> body.put(Member.BECAUSE, it.word()));
        switch (judged.verdict()) {
            case Verdict.Approve _ ->
                body.put(Member.VERDICT_LIFETIME, judged.ask().lifetime().toSeconds());
            case Verdict.Review review -> {
                body.put(
                        Member.STAGES,
                        review.stages().stream().map(Entries::stage).toList());
                body.put(Member.WITHIN, review.within().toSeconds());
                body.put(Member.VERDICT_LIFETIME, judged.ask().lifetime().toSeconds());
            }
            case Verdict.Deny deny -> body.put(Member.SENTENCE, deny.reason());
        }
    }

    private static Optional<BreakGlass> glass(Verdict verdict) {
        return verdict instanceof Verdict.Approve it ? it.breakGlass() : Optional.empty();
    }

    /// It goes out before people have looked, and says who looks afterwards, and by when.
    private static void owes(Map<String, Object> body, BreakGlass glass, Instant at) {
        body.put(Member.BY, Member.BY_BREAK_GLASS);
        body.put(Member.STAGES, glass.stages().stream().map(Entries::stage).toList());
        body.put(Member.REVIEW_BY, at.plus(glass.within()).toEpochMilli());
        if (glass.signed()) {
            body.put(Member.SIGNED, true);
        }
    }

    /// The request, frozen, when people will be asked.
    static Entry made(Question question, String reasonDigest) {
        var request = question.request();
        return entry(
                Code.REQUEST_MADE,
                request.madeAt(),
                client(request),
                request,
                Optional.empty(),
                Optional.of(question.ask()),
                whole(question, reasonDigest),
                said(request));
    }

    private static Map<String, Object> whole(Question question, String reasonDigest) {
        var body = asked(question.request(), question.ownedBy(), reasonDigest);
        allowance(body, question.ask());
        return body;
    }

    /// Policy's word that people decide.
    ///
    /// @param briefing the digest of what they are shown beside the request
    static Entry judged(Question question, Optional<String> briefing, LeafHash previous) {
        var review = question.verdict();
        var body = new TreeMap<String, Object>();
        body.put(Member.VERDICT, Member.REVIEW);
        body.put(Member.RULES, review.rules());
        body.put(Member.POLICY_VERSION, review.version());
        body.put(Member.RISK, question.risk().word());
        briefing.ifPresent(it -> body.put(Member.BRIEFING, it));
        body.put(Member.STAGES, review.stages().stream().map(Entries::stage).toList());
        body.put(Member.OWNER, question.ownedBy());
        body.put(Member.WITHIN, review.within().toSeconds());
        body.put(Member.EXPIRES_AT, question.decideBy().toEpochMilli());
        if (review.signed()) {
            body.put(Member.SIGNED, true);
        }
        if (review.substitutes()) {
            body.put(Member.SUBSTITUTES, true);
        }
        review.rest()
                .ifPresent(it -> body.put(
                        Member.REST,
                        Map.of(
                                Member.APPROVALS,
                                it.approvals(),
                                Member.PER,
                                it.per().toSeconds())));
        return entry(
                Code.REQUEST_JUDGED,
                question.request().madeAt(),
                POLICY,
                question.request(),
                Optional.of(previous),
                Optional.of(question.ask()),
                body,
                List.of(new Disclosure(question.request().client(), Member.FACTS, question.facts())));
    }

    /// One reviewer's word.
    ///
    /// @param signed how it is signed; empty when it is not
    /// @param taken how long ago it was shown to who votes; empty when that is not known
    static Entry voted(
            Question question,
            Ballot ballot,
            Optional<Signatures.Signed> signed,
            Seats seats,
            Optional<Duration> taken,
            Instant at,
            LeafHash previous) {
        var body = new TreeMap<String, Object>();
        body.put(Member.VOTE, ballot.word().name().toLowerCase(java.util.Locale.ROOT));
        body.put(Member.VIA, ballot.via().word());
        seats(body, seats);
        taken.ifPresent(it -> body.put(Member.TAKEN, it.toSeconds()));
        ballot.narrowed().ifPresent(it -> allowance(body, it));
        var disclosures = new ArrayList<Disclosure>();
        if (!ballot.comment().isEmpty()) {
            disclosures.add(new Disclosure(ballot.reviewer().value(), Member.COMMENT, ballot.comment()));
        }
        signed.ifPresent(it -> {
            body.put(Member.SIGNATURE, signature(it));
            if (!ballot.comment().isEmpty()) {
                disclosures.add(new Disclosure(ballot.reviewer().value(), Member.COMMENT_SALT, it.salt()));
            }
        });
        return entry(
                Code.REQUEST_VOTED,
                at,
                person(ballot),
                question.request(),
                Optional.of(previous),
                ballot.narrowed(),
                body,
                disclosures);
    }

    /// For which stages it counts that somebody speaks.
    static void seats(Map<String, Object> body, Seats seats) {
        body.put(Member.STAGES, seats.groups().stream().sorted().toList());
        if (!seats.escalated().isEmpty()) {
            body.put(Member.ESCALATED, seats.escalated().stream().sorted().toList());
        }
        seats.inPlaceOf().ifPresent(it -> body.put(Member.IN_PLACE_OF, it.value()));
        if (!seats.onCall().isEmpty()) {
            body.put(Member.ON_CALL, seats.onCall().keySet().stream().sorted().toList());
        }
    }

    /// As it stands in the entry of what was signed.
    static Map<String, Object> signature(Signatures.Signed it) {
        var assertion = it.assertion();
        return Map.of(
                Member.CREDENTIAL, assertion.credential(),
                Member.CLIENT_DATA, assertion.clientData(),
                Member.AUTHENTICATOR_DATA, assertion.authenticatorData(),
                Member.SIGNATURE, assertion.signature(),
                Member.SHOWN, it.shown());
    }

    /// A vote that does not count, and why: somebody tried.
    static Entry voteRefused(Question question, Ballot ballot, String because, Instant at, LeafHash previous) {
        return entry(
                Code.REQUEST_VOTE_REFUSED,
                at,
                person(ballot),
                question.request(),
                Optional.of(previous),
                Optional.empty(),
                new TreeMap<>(Map.of(
                        Member.VOTE,
                        ballot.word().name().toLowerCase(java.util.Locale.ROOT),
                        Member.VIA,
                        ballot.via().word(),
                        Member.BECAUSE,
                        because)),
                List.of());
    }

    /// Something that was said; the words can be erased, that they were said stays.
    static Entry commented(Question question, Comment comment, LeafHash previous) {
        return entry(
                Code.REQUEST_COMMENTED,
                comment.at(),
                comment.by(),
                question.request(),
                Optional.of(previous),
                Optional.empty(),
                new TreeMap<>(Map.of(Member.SIDE, comment.side().word())),
                List.of(new Disclosure(comment.by().id(), Member.COMMENT, comment.words())));
    }

    /// A reviewer looks into it.
    static Entry claimed(Question question, Claim claim, Instant at, LeafHash previous) {
        return entry(
                Code.REQUEST_CLAIMED,
                at,
                new Actor("person", claim.person().value()),
                question.request(),
                Optional.of(previous),
                Optional.empty(),
                new TreeMap<>(Map.of(Member.UNTIL, claim.until().toEpochMilli())),
                List.of());
    }

    /// And does no more.
    static Entry released(Question question, PersonId by, Instant at, LeafHash previous) {
        return entry(
                Code.REQUEST_RELEASED,
                at,
                new Actor("person", by.value()),
                question.request(),
                Optional.of(previous),
                Optional.empty(),
                new TreeMap<>(),
                List.of());
    }

    /// A reviewer hands it on; the words can be erased.
    static Entry handed(Question question, Handed handed, LeafHash previous) {
        var body = new TreeMap<String, Object>();
        switch (handed.to()) {
            case Handed.To.Person(var person) -> body.put(Member.PERSON, person.value());
            case Handed.To.Group(var group) -> body.put(Member.GROUP, group);
        }
        return entry(
                Code.REQUEST_REASSIGNED,
                handed.at(),
                new Actor("person", handed.by().value()),
                question.request(),
                Optional.of(previous),
                Optional.empty(),
                body,
                List.of(new Disclosure(handed.by().value(), Member.COMMENT, handed.reason())));
    }

    /// Those who decide are reminded by who asked.
    static Entry nudged(Question question, Actor by, Instant at, LeafHash previous) {
        return entry(
                Code.REQUEST_NUDGED,
                at,
                by,
                question.request(),
                Optional.of(previous),
                Optional.empty(),
                new TreeMap<>(),
                List.of());
    }

    /// It still waits, so that others may decide as well.
    ///
    /// @param stages those in whose groups' places they may from now on
    static Entry escalated(Question question, List<Stage> stages, Instant at, LeafHash previous) {
        var to = stages.stream()
                .map(it -> Map.of(
                        Member.GROUP,
                        it.group(),
                        Member.TO,
                        it.escalates().orElseThrow().to()))
                .toList();
        return entry(
                Code.REQUEST_ESCALATED,
                at,
                CLOCK,
                question.request(),
                Optional.of(previous),
                Optional.empty(),
                new TreeMap<>(Map.of(Member.ESCALATES, to)),
                List.of());
    }

    /// Enough have approved.
    ///
    /// @param counting the groups that each of them counts for now, which need not be those of when they voted
    static Entry approved(Approval.Approved approved, Map<PersonId, Set<String>> counting, LeafHash previous) {
        var body = decision(Member.APPROVED, Member.BY_PEOPLE, approved.heard());
        var counted = new TreeMap<String, List<String>>();
        for (var vote : approved.heard()) {
            counted.put(
                    vote.leaf().text(),
                    counting.getOrDefault(vote.speaksFor(), Set.of()).stream()
                            .sorted()
                            .toList());
        }
        body.put(Member.CLIENT, approved.question().request().client());
        body.put(Member.COUNTED, counted);
        allowance(body, approved.granted());
        body.put(Member.COLLECT_BY, approved.collectBy().toEpochMilli());
        body.put(Member.APPROVED_UNTIL, approved.until().toEpochMilli());
        return entry(
                Code.REQUEST_DECIDED,
                approved.at(),
                new Actor("people", "quorum"),
                approved.question().request(),
                Optional.of(previous),
                Optional.of(approved.granted()),
                body,
                List.of());
    }

    static Entry denied(Approval.Denied denied, LeafHash previous) {
        var body = decision(Member.DENIED, Member.BY_PEOPLE, denied.heard());
        body.put(Member.BECAUSE, denied.because());
        return end(Code.REQUEST_DECIDED, denied, denied.at(), new Actor("people", "quorum"), body, previous);
    }

    /// A pending request whose client takes it back.
    static Entry cancelled(Approval was, Actor by, Instant at, LeafHash previous) {
        return switch (was) {
            case Approval.Pending pending ->
                end(
                        Code.REQUEST_DECIDED,
                        was,
                        at,
                        by,
                        decision(Member.CANCELLED, by.kind(), pending.heard()),
                        previous);
            case Approval.Approved _,
                    Approval.Denied _,
                    Approval.Expired _,
                    Approval.Cancelled _,
                    Approval.Redeemed _,
                    Approval.Revoked _ ->
                end(Code.REQUEST_ENDED, was, at, by, new TreeMap<>(Map.of(Member.OUTCOME, Member.CANCELLED)), previous);
        };
    }

    /// Nobody decided in time, or nobody collected in time.
    static Entry expired(Approval was, Instant at, LeafHash previous) {
        return switch (was) {
            case Approval.Pending pending ->
                end(Code.REQUEST_DECIDED, was, at, CLOCK, decision(Member.EXPIRED, "clock", pending.heard()), previous);
            case Approval.Approved _,
                    Approval.Denied _,
                    Approval.Expired _,
                    Approval.Cancelled _,
                    Approval.Redeemed _,
                    Approval.Revoked _ ->
                end(
                        Code.REQUEST_ENDED,
                        was,
                        at,
                        CLOCK,
                        new TreeMap<>(Map.of(Member.OUTCOME, Member.EXPIRED)),
                        previous);
        };
    }

    /// Taken back after it was approved.
    static Entry revoked(Approval.Revoked revoked, Actor by, LeafHash previous) {
        var body = new TreeMap<String, Object>(Map.of(Member.OUTCOME, Member.REVOKED));
        revoked.token().ifPresent(token -> body.put(Member.JTI, token.id()));
        boolean ours = by.equals(POLICY);
        if (ours) {
            body.put(Member.BECAUSE, revoked.because());
        }
        return entry(
                Code.REQUEST_ENDED,
                revoked.at(),
                by,
                revoked.question().request(),
                Optional.of(previous),
                Optional.empty(),
                body,
                ours ? List.of() : List.of(new Disclosure(by.id(), Member.REASON, revoked.because())));
    }

    /// Nothing waits and nothing is issued.
    static Entry refused(Judged judged, Because because, Instant at) {
        var request = judged.request();
        var body = asked(request, judged.ownedBy(), judged.reasonDigest());
        body.put(Member.BECAUSE, because.word());
        body.put(Member.RISK, judged.risk().word());
        body.put(Member.RULES, judged.verdict().rules());
        body.put(Member.POLICY_VERSION, judged.verdict().version());
        observed(body, judged);
        if (judged.observed().isPresent()) {
            body.put(Member.VERDICT, judged.verdict().word());
        }
        if (because == Because.POLICY && judged.verdict() instanceof Verdict.Deny deny) {
            // The policy's own words with facts filled in: a condition can name what a client wrote, a sentence cannot.
            body.put(Member.SENTENCE, deny.reason());
        }
        var disclosures = said(request);
        disclosures.add(new Disclosure(request.client(), Member.FACTS, judged.facts()));
        return entry(Code.REQUEST_REFUSED, at, POLICY, request, Optional.empty(), Optional.empty(), body, disclosures);
    }

    static Entry minted(
            Approval.Approved approved,
            Allowance granted,
            String tokenId,
            Instant issued,
            Instant expires,
            Instant at,
            LeafHash previous) {
        var request = approved.question().request();
        var body = asked(request, approved.question().ownedBy(), "");
        body.put(Member.BY, Member.BY_PEOPLE);
        minted(body, granted, tokenId, issued, expires);
        return entry(
                Code.TOKEN_MINTED,
                at,
                client(request),
                request,
                Optional.of(previous),
                Optional.of(granted),
                body,
                List.of());
    }

    /// One more token of what people granted for several: request, verdict and mint in one leaf, which names
    /// the request that they approved.
    ///
    /// @param use which of its tokens it is; the first was the approved request's own
    static Entry further(
            Judged judged,
            String approval,
            int use,
            Allowance granted,
            String tokenId,
            Instant issued,
            Instant expires,
            Instant at) {
        var request = judged.request();
        var body = asked(request, judged.ownedBy(), judged.reasonDigest());
        body.put(Member.BY, Member.BY_APPROVAL);
        body.put(Member.APPROVAL, approval);
        body.put(Member.USE, use);
        body.put(Member.RISK, judged.risk().word());
        body.put(Member.VERDICT, judged.verdict().word());
        body.put(Member.RULES, judged.verdict().rules());
        body.put(Member.POLICY_VERSION, judged.verdict().version());
        minted(body, granted, tokenId, issued, expires);
        return alone(judged, granted, at, body);
    }

    static Entry redelivered(Approval.Redeemed redeemed, Instant at, LeafHash previous) {
        return end(
                Code.TOKEN_REDELIVERED,
                redeemed,
                at,
                client(redeemed.question().request()),
                new TreeMap<>(Map.of(Member.JTI, redeemed.token().id())),
                previous);
    }

    private static Entry end(
            Code code, Approval approval, Instant at, Actor by, Map<String, Object> body, LeafHash previous) {
        var request = approval.question().request();
        body.put(Member.CLIENT, request.client());
        body.put(Member.QUESTION, request.snapshot());
        return entry(code, at, by, request, Optional.of(previous), Optional.empty(), body, List.of());
    }

    private static Entry entry(
            Code code,
            Instant at,
            Actor actor,
            AccessRequest request,
            Optional<LeafHash> previous,
            Optional<Allowance> terms,
            Map<String, Object> body,
            List<Disclosure> disclosures) {
        return new Entry(
                code,
                at,
                actor,
                Optional.of(request.id()),
                previous,
                terms.map(it -> request.terms(it).digest()),
                body,
                disclosures);
    }

    private static Map<String, Object> asked(AccessRequest request, String ownedBy, String reasonDigest) {
        var body = new TreeMap<String, Object>();
        body.put(Member.CLIENT, request.client());
        body.put(Member.SUBJECT, request.subject());
        body.put(Member.RESOURCE, request.resource());
        body.put(Member.SCOPES, request.scopes().names());
        body.put(Member.DETAILS_DIGEST, request.details().digest());
        request.lifetime().map(Duration::toSeconds).ifPresent(it -> body.put(Member.ASKED_LIFETIME, it));
        request.start().ifPresent(it -> body.put(Member.START, it.getEpochSecond()));
        if (!request.key().isEmpty()) {
            body.put(Member.JKT, request.key());
        }
        body.put(Member.OWNER, ownedBy);
        if (!request.details().isEmpty()) {
            body.put(
                    Member.DETAILS_TYPES,
                    request.details().types().stream().distinct().sorted().toList());
        }
        if (!reasonDigest.isEmpty()) {
            body.put(Member.REASON_DIGEST, reasonDigest);
        }
        body.put(Member.AUTH_METHOD, request.origin().method());
        body.put(Member.CREDENTIAL, request.origin().credential());
        body.put(Member.NETWORK, request.origin().network());
        body.put(Member.AGENT, request.origin().agent());
        return body;
    }

    private static List<Disclosure> said(AccessRequest request) {
        var said = new ArrayList<Disclosure>();
        disclose(said, request, Member.ADDRESS, request.origin().address());
        disclose(said, request, Member.USER_AGENT, request.origin().userAgent());
        disclose(said, request, Member.REASON, request.reason());
        disclose(said, request, Member.TICKET, request.ticket());
        if (!request.details().isEmpty()) {
            disclose(
                    said,
                    request,
                    Member.AUTHORIZATION_DETAILS,
                    request.details().canonical());
        }
        return said;
    }

    private static void disclose(List<Disclosure> to, AccessRequest request, String name, String value) {
        if (!value.isEmpty()) {
            to.add(new Disclosure(request.client(), name, value));
        }
    }

    private static void minted(
            Map<String, Object> body, Allowance granted, String tokenId, Instant issued, Instant expires) {
        allowance(body, granted);
        body.put(Member.JTI, tokenId);
        body.put(Member.IAT, issued.getEpochSecond());
        body.put(Member.EXP, expires.getEpochSecond());
    }

    private static void allowance(Map<String, Object> body, Allowance it) {
        body.put(Member.SCOPES, it.scopes().names());
        body.put(Member.DETAILS_DIGEST, it.details().digest());
        body.put(Member.LIFETIME, it.lifetime().toSeconds());
        if (it.uses() > 1) {
            body.put(Member.USES, it.uses());
        }
    }

    private static Map<String, Object> decision(String outcome, String by, List<Vote> votes) {
        var body = new TreeMap<String, Object>();
        body.put(Member.OUTCOME, outcome);
        body.put(Member.BY, by);
        body.put(Member.VOTES, votes.stream().map(it -> it.leaf().text()).toList());
        return body;
    }

    private static Map<String, Object> stage(Stage stage) {
        var json = new TreeMap<String, Object>(Map.of(Member.GROUP, stage.group(), Member.VOTES, stage.votes()));
        stage.escalates()
                .ifPresent(it -> json.put(
                        Member.ESCALATES,
                        Map.of(Member.TO, it.to(), Member.AFTER, it.after().toSeconds())));
        return json;
    }

    private static Actor client(AccessRequest request) {
        return new Actor("client", request.client());
    }

    private static Actor person(Ballot ballot) {
        return new Actor("person", ballot.reviewer().value());
    }
}

package dev.countersign.ledger;

import dev.countersign.ledger.Auditor.Objection;
import dev.countersign.ledger.Verification.Fault;
import dev.countersign.oauth.Observe;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether a token had leave: granted ⊆ approved ⊆ requested, in scopes, details, resource, key and time.
final class Leave {
    private static final Set<String> VERDICTS = Set.of(Member.APPROVE, Member.REVIEW, Member.DENY);
    private static final Set<String> OBSERVABLE = Set.of(Member.CLIENT, Member.RESOURCE);

    private Leave() {}

    /// What a `request.made`, or a token that policy approved at once, asks for.
    static Terms asked(EntryView entry) {
        return terms(entry, entry, entry.number(Member.LIFETIME));
    }

    /// What a token is good for.
    static Terms granted(EntryView minted) {
        return terms(minted, minted, minted.number(Member.EXP) - minted.number(Member.IAT));
    }

    private static Terms terms(EntryView who, EntryView what, long lifetime) {
        return new Terms(
                who.text(Member.CLIENT),
                who.text(Member.SUBJECT),
                who.text(Member.RESOURCE),
                what.texts(Member.SCOPES),
                what.text(Member.DETAILS_DIGEST),
                who.text(Member.JKT),
                lifetime,
                uses(what),
                who.number(Member.START));
    }

    /// What a vote that approves leaves of what is asked.
    static Terms left(EntryView vote, EntryView made) {
        long lifetime = vote.number(Member.LIFETIME);
        return lifetime == 0 ? asked(made) : terms(made, vote, lifetime);
    }

    /// How many tokens that is for: one where nothing is said.
    static long uses(EntryView what) {
        return Math.max(1, what.number(Member.USES));
    }

    /// The digest in the envelope is that of the terms in the body.
    static void ofItsTerms(EntryView entry, Terms terms) throws Objection {
        Objection.unless(
                entry.terms().filter(terms.digest()::equals).isPresent(),
                Promise.TERMS,
                "its terms are not those it spells out");
    }

    /// A vote takes nothing but away.
    static void narrows(EntryView vote, EntryView made) throws Objection {
        within(vote.texts(Member.SCOPES), made.texts(Member.SCOPES), "the vote widens the scopes");
        lifetimeWithin(
                vote.number(Member.LIFETIME),
                made.number(Member.LIFETIME),
                Promise.TERMS,
                "the vote widens the lifetime");
        holds(uses(vote) <= uses(made), Promise.TERMS, "the vote widens the number of tokens");
    }

    /// It escalates as its verdict says, and no sooner.
    ///
    /// @return the groups in whose place others may decide
    static Set<String> escalated(EntryView escalated, EntryView made, EntryView judged) throws Objection {
        var terms = new HashMap<String, Map<?, ?>>();
        for (var stage : maps(judged.body().get(Member.STAGES))) {
            if (stage.get(Member.ESCALATES) instanceof Map<?, ?> it) {
                terms.put(String.valueOf(stage.get(Member.GROUP)), it);
            }
        }
        var groups = new HashSet<String>();
        for (var it : maps(escalated.body().get(Member.ESCALATES))) {
            var group = String.valueOf(it.get(Member.GROUP));
            var term = terms.getOrDefault(group, Map.of());
            holds(
                    term.get(Member.TO) instanceof String to && to.equals(it.get(Member.TO)),
                    Promise.QUORUM,
                    "its verdict does not let others decide in place of " + group);
            holds(
                    term.get(Member.AFTER) instanceof Long after
                            && !escalated
                                    .at()
                                    .plus(Auditor.SKEW)
                                    .isBefore(made.at().plusSeconds(after)),
                    Promise.QUORUM,
                    "it escalates sooner than its verdict says");
            groups.add(group);
        }
        holds(!groups.isEmpty(), Promise.FORWARD, "it escalates to nobody");
        return groups;
    }

    private static List<Map<?, ?>> maps(@Nullable Object list) {
        return list instanceof List<?> all
                ? all.stream()
                        .<Map<?, ?>>mapMulti((it, to) -> {
                            if (it instanceof Map<?, ?> map) {
                                to.accept(map);
                            }
                        })
                        .toList()
                : List.of();
    }

    /// The votes are enough, nobody said no, and nothing is approved that a vote took away.
    static void approved(EntryView decided, EntryView made, EntryView judged, List<EntryView> votes) throws Objection {
        holds(
                decided.text(Member.BY).equals(Member.BY_PEOPLE),
                Promise.QUORUM,
                "what waited for people is approved by people");
        holds(
                votes.stream().noneMatch(vote -> vote.text(Member.VOTE).equals(Member.DENY)),
                Promise.QUORUM,
                "it is approved though somebody denied it");
        var named = Course.named(decided, votes);
        var places = Quorum.places(judged);
        holds(!places.isEmpty(), Promise.QUORUM, "its verdict asks nobody");
        holds(
                Quorum.isMet(
                        places,
                        named.stream().map(vote -> counted(decided, vote)).toList()),
                Promise.QUORUM,
                "the votes do not fill all stages");
        long expires = judged.number(Member.EXPIRES_AT);
        holds(
                expires == 0
                        || !decided.at().isAfter(Instant.ofEpochMilli(expires).plus(Auditor.SKEW)),
                Promise.FORWARD,
                "it is approved after its time");
        within(decided.texts(Member.SCOPES), made.texts(Member.SCOPES), "more scopes are approved than asked for");
        long lifetime = decided.number(Member.LIFETIME);
        holds(lifetime > 0, Promise.TERMS, "it is approved for no time");
        lifetimeWithin(
                lifetime, made.number(Member.LIFETIME), Promise.TERMS, "a longer life is approved than asked for");
        holds(uses(decided) <= uses(made), Promise.TERMS, "more tokens are approved than asked for");
        var details = new HashSet<String>();
        for (var vote : named) {
            if (!vote.texts(Member.SCOPES).isEmpty()) {
                within(decided.texts(Member.SCOPES), vote.texts(Member.SCOPES), "scopes are approved that a vote took");
            }
            lifetimeWithin(
                    lifetime,
                    vote.number(Member.LIFETIME),
                    Promise.TERMS,
                    "a longer life is approved than a vote gave");
            // A vote that narrows spells out all that it leaves, one token among it.
            holds(
                    vote.number(Member.LIFETIME) == 0 || uses(decided) <= uses(vote),
                    Promise.TERMS,
                    "more tokens are approved than a vote gave");
            if (!vote.text(Member.DETAILS_DIGEST).isEmpty()) {
                details.add(vote.text(Member.DETAILS_DIGEST));
            }
        }
        if (details.isEmpty()) {
            details.add(made.text(Member.DETAILS_DIGEST));
        }
        // Of several narrowings what all allow is approved, which their digests cannot tell.
        holds(
                details.size() > 1 || details.contains(decided.text(Member.DETAILS_DIGEST)),
                Promise.TERMS,
                "other details are approved than asked for or voted on");
        ofItsTerms(decided, terms(made, decided, lifetime));
    }

    /// The groups that a vote counted for when it was decided. Decisions that do not say so were made when that was
    /// taken to be what it counted for when it was cast.
    private static List<String> counted(EntryView decided, EntryView vote) {
        return decided.body().get(Member.COUNTED) instanceof Map<?, ?> counted
                ? EntryView.texts(counted.get(vote.hash().text()))
                : vote.texts(Member.STAGES);
    }

    /// Minted at once: the entry carries the verdict that let it through, or that was observed only.
    static void atOnce(EntryView minted) throws Objection {
        switch (minted.text(Member.BY)) {
            case Member.BY_POLICY ->
                holds(minted.text(Member.VERDICT).isEmpty(), Promise.LEAVE, "policy said something else of it");
            case Member.BY_OBSERVATION -> observed(minted);
            default -> throw new Objection(Fault.UNJUSTIFIED, Promise.LEAVE, "nobody decided on it");
        }
        byRules(minted, "no rule of a policy approved it");
    }

    /// What policy says was not followed, since a registration said so, which has an end that is not far.
    private static void observed(EntryView minted) throws Objection {
        holds(VERDICTS.contains(minted.text(Member.VERDICT)), Promise.LEAVE, "it does not say what policy said of it");
        var of = minted.texts(Member.OBSERVED);
        holds(
                !of.isEmpty() && OBSERVABLE.containsAll(of),
                Promise.LEAVE,
                "policy was not followed, and nothing says that it is observed only");
        var until = Instant.ofEpochMilli(minted.number(Member.OBSERVED_UNTIL));
        holds(
                minted.at().isBefore(until.plus(Auditor.SKEW))
                        && !until.isAfter(minted.at().plus(Observe.LONGEST).plus(Auditor.SKEW)),
                Promise.LEAVE,
                "it was observed only when that was over, or without an end that is near");
    }

    /// One more token of what people approved for several: policy wants people for it still, and the entry says whose
    /// approval it uses. That this gives one more, [Course#further] says of that request.
    static void byApproval(EntryView minted) throws Objection {
        holds(
                minted.text(Member.VERDICT).equals(Member.REVIEW)
                        && !minted.text(Member.APPROVAL).isEmpty(),
                Promise.LEAVE,
                "it does not say whose approval it uses");
        byRules(minted, "no rule of a policy puts it before people");
    }

    /// Let through before people looked: the entry says by which rules, and they still have to look.
    static void byBreakGlass(EntryView minted) throws Objection {
        byRules(minted, "no rule of a policy let it break the glass");
        holds(!Quorum.places(minted).isEmpty(), Promise.QUORUM, "nobody has to look at it afterwards");
        holds(
                minted.number(Member.REVIEW_BY) > minted.at().toEpochMilli(),
                Promise.QUORUM,
                "the time to look at it afterwards is over before it began");
    }

    /// A token that no earlier entry speaks of: it names its rules, and is what it asks for itself.
    private static void byRules(EntryView minted, String said) throws Objection {
        holds(
                !minted.texts(Member.RULES).isEmpty()
                        && !minted.text(Member.POLICY_VERSION).isEmpty(),
                Promise.LEAVE,
                said);
        lives(minted);
        lifetimeWithin(
                lifetime(minted), minted.number(Member.LIFETIME), Promise.LIFETIME, "it lives longer than asked for");
        ofItsTerms(minted, granted(minted));
    }

    /// It says who looks at a token afterwards and by when, and is about that token.
    static void owed(EntryView used, EntryView minted) throws Objection {
        holds(
                used.texts(Member.RULES).equals(minted.texts(Member.RULES))
                        && used.text(Member.POLICY_VERSION).equals(minted.text(Member.POLICY_VERSION))
                        && used.text(Member.CLIENT).equals(minted.text(Member.CLIENT))
                        && used.text(Member.SUBJECT).equals(minted.text(Member.SUBJECT)),
                Promise.LEAVE,
                "it is about another token than the one before it");
        holds(
                Quorum.places(used).equals(Quorum.places(minted))
                        && used.number(Member.REVIEW_BY) == minted.number(Member.REVIEW_BY),
                Promise.QUORUM,
                "others have to look at it, or by another time, than its token says");
        holds(
                used.flag(Member.SIGNED) == minted.flag(Member.SIGNED),
                Promise.QUORUM,
                "it says otherwise than its token whether they sign what they say of it");
    }

    /// Enough have looked and found it right, as their words say.
    static void lookedAt(EntryView last, EntryView used, List<EntryView> words) throws Objection {
        var counted = last.body().get(Member.COUNTED) instanceof Map<?, ?> it ? it : Map.of();
        holds(
                words.stream().allMatch(it -> it.text(Member.VOTE).equals(Member.APPROVE))
                        && Quorum.isMet(
                                Quorum.places(used),
                                words.stream()
                                        .map(it -> EntryView.texts(
                                                counted.get(it.actor().id())))
                                        .toList()),
                Promise.QUORUM,
                "those who looked do not fill all stages");
    }

    /// A client is attested by people who granted just that, and for no longer than they did.
    ///
    /// @param minted what they granted; empty when they did not, or it was used
    static void attested(EntryView attested, Optional<EntryView> minted) throws Objection {
        var granted = minted.filter(it -> it.text(Member.CLIENT).equals(Member.ATTESTATION))
                .orElseThrow(() ->
                        new Objection(Fault.UNJUSTIFIED, Promise.LEAVE, "nobody granted that a client is attested"));
        holds(
                granted.text(Member.RESOURCE).endsWith(attestedAt(attested.text(Member.TARGET))),
                Promise.TERMS,
                "another client is attested than people agreed to");
        holds(
                attested.number(Member.UNTIL) == granted.number(Member.EXP) * 1000,
                Promise.LIFETIME,
                "it is attested for another time than people agreed to");
    }

    /// A passkey is enrolled or removed by people who granted just that of just that passkey.
    ///
    /// @param minted what they granted; empty when they did not, or it was used
    static void ofPasskey(EntryView entry, Optional<EntryView> minted) throws Objection {
        var granted = minted.filter(it -> it.text(Member.CLIENT).equals(Member.PASSKEYS))
                .orElseThrow(() -> new Objection(
                        Fault.UNJUSTIFIED, Promise.LEAVE, "nobody granted that a passkey is enrolled or removed"));
        boolean enrols = entry.code() == Code.PASSKEY_ENROLLED;
        var person = entry.text(Member.PERSON);
        holds(
                granted.texts(Member.SCOPES).equals(List.of(enrols ? Member.ENROL : Member.REMOVE)),
                Promise.TERMS,
                "people agreed to something else about a passkey");
        holds(
                granted.text(Member.RESOURCE)
                        .endsWith(PasskeyPath.of(
                                person,
                                entry.text(Member.CREDENTIAL),
                                PasskeyBook.key(entry),
                                entry.text(Member.ORIGIN))),
                Promise.TERMS,
                "people agreed to another passkey");
        holds(
                !enrols || granted.text(Member.SUBJECT).equals(person),
                Promise.TERMS,
                "the passkey is enrolled for somebody else than asked for it");
    }

    /// How the URL ends by which a client is asked to be attested.
    static String attestedAt(String client) {
        return "/api/v1/clients/" + URLEncoder.encode(client, StandardCharsets.UTF_8);
    }

    /// Approved by people earlier, collected in time, and no wider than they approved.
    static void byPeople(EntryView minted, EntryView made, EntryView decided) throws Objection {
        holds(
                minted.text(Member.CLIENT).equals(made.text(Member.CLIENT))
                        && minted.text(Member.SUBJECT).equals(made.text(Member.SUBJECT))
                        && minted.text(Member.RESOURCE).equals(made.text(Member.RESOURCE))
                        && minted.text(Member.JKT).equals(made.text(Member.JKT)),
                Promise.TERMS,
                "the token is for another client, subject, resource or key than asked");
        within(
                minted.texts(Member.SCOPES),
                decided.texts(Member.SCOPES),
                "the token has scopes that were not approved");
        holds(
                minted.text(Member.DETAILS_DIGEST).equals(decided.text(Member.DETAILS_DIGEST)),
                Promise.TERMS,
                "the token has other details than approved");
        lives(minted);
        holds(
                lifetime(minted) <= decided.number(Member.LIFETIME),
                Promise.LIFETIME,
                "the token lives longer than approved");
        holds(
                minted.number(Member.START) == made.number(Member.START)
                        && minted.number(Member.IAT) + Auditor.SKEW.toSeconds() >= made.number(Member.START),
                Promise.LEAVE,
                "the token was collected before its start");
        long collectBy = decided.number(Member.COLLECT_BY);
        holds(
                !minted.at().isAfter(Instant.ofEpochMilli(collectBy).plus(Auditor.SKEW)),
                Promise.LEAVE,
                "the token was collected after the time for it");
        holds(
                minted.number(Member.EXP) * 1000 <= decided.number(Member.APPROVED_UNTIL) + 1000,
                Promise.LIFETIME,
                "the token outlives its approval");
        ofItsTerms(minted, granted(minted));
    }

    private static long lifetime(EntryView minted) {
        return minted.number(Member.EXP) - minted.number(Member.IAT);
    }

    private static void lives(EntryView minted) throws Objection {
        holds(!minted.text(Member.JTI).isEmpty() && lifetime(minted) > 0, Promise.LIFETIME, "it mints no token");
        var issued = Instant.ofEpochSecond(minted.number(Member.IAT));
        holds(
                !issued.isBefore(minted.at().minus(Auditor.SKEW))
                        && !issued.isAfter(minted.at().plus(Auditor.SKEW)),
                Promise.LIFETIME,
                "the token says that it was issued at another time");
    }

    private static void within(List<String> narrow, List<String> wide, String said) throws Objection {
        holds(new HashSet<>(wide).containsAll(narrow), Promise.TERMS, said);
    }

    /// 0 is said of a lifetime that nobody has set.
    private static void lifetimeWithin(long narrow, long wide, Promise promise, String said) throws Objection {
        holds(wide == 0 || narrow <= wide, promise, said);
    }

    private static void holds(boolean holds, Promise promise, String said) throws Objection {
        Objection.unless(holds, promise, said);
    }
}

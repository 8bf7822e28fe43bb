package dev.countersign.approval;

import dev.countersign.client.Client;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.FactSchema;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Heard;
import dev.countersign.policy.Verdict;
import dev.countersign.source.Inquiry;
import dev.countersign.source.Sources;
import dev.countersign.store.Store;
import dev.countersign.store.Together;
import dev.countersign.usage.Ask;
import dev.countersign.usage.Finding;
import dev.countersign.usage.Profiles;
import dev.countersign.usage.Report;
import dev.countersign.usage.UsageFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Gathers the facts of a request and asks policy, once when it is made and once more at redemption.
///
/// Where rules speak of sources they are asked on the way, and whoever calls waits as long as that takes. At
/// redemption they are asked before the transaction, in which nobody waits for anything outside.
public final class Judge {
    /// How long a token lives when neither the client nor policy says.
    static final Duration USUAL_LIFETIME = Duration.ofSeconds(60);

    /// No token lives longer unless a rule writes more.
    static final Duration LONGEST_LIFETIME = Duration.ofMinutes(15);

    private static final int PEERS = 64;
    private static final int TOGETHER = 128;

    /// How many requests about passkeys may wait at once.
    private static final int MOST_PASSKEYS = 10_000;

    private final Supplier<InForce> inForce;
    private final Profiles profiles;
    private final Store store;
    private final Approvals approvals;
    private final Standing standing;
    private final Counting counting;
    private final Sources sources;
    private final Together<Approvals.Same, Boolean> elsewhere;

    public Judge(
            Supplier<InForce> inForce,
            Profiles profiles,
            Store store,
            Approvals approvals,
            Standing standing,
            Counting counting,
            Sources sources) {
        this.inForce = inForce;
        this.profiles = profiles;
        this.store = store;
        this.approvals = approvals;
        this.standing = standing;
        this.counting = counting;
        this.sources = sources;
        this.elsewhere = new Together<>(TOGETHER, many -> store.look(tx -> approvals.openElsewhere(tx, many)));
    }

    /// What policy says of a request that was just made.
    ///
    /// @param now the configuration that the request was proved by: one that comes into force in between is for the
    ///     next request, or a registration and a policy could be combined that were never in force together
    public Judged judge(InForce now, AccessRequest request) {
        return judge(now, request, false);
    }

    /// The same.
    ///
    /// @param breakGlass whether the client asks to break the glass; where requests are observed only nothing holds
    ///     them, and there is none to break
    public Judged judge(InForce now, AccessRequest request, boolean breakGlass) {
        return judge(now, request, !request.key().isEmpty(), breakGlass, true);
    }

    /// What it would say of one that nobody makes: no source is asked, so that what hangs on them is unknown, and where
    /// from and with which key is not looked at.
    ///
    /// @param keyBound whether a key would be proved
    Judged foresee(InForce now, AccessRequest request, boolean keyBound) {
        return judge(now, request, keyBound, false, false);
    }

    private Judged judge(InForce now, AccessRequest request, boolean keyBound, boolean breakGlass, boolean made) {
        var client = now.clients().get(request.client());
        var resource = now.resources().get(request.resource());
        if (client == null || resource == null) {
            throw new IllegalStateException("a request of an unknown client or for an unknown resource");
        }
        var reasonDigest = profiles.reasonDigest(request.reason());
        var usage = profiles.about(ask(request, client, reasonDigest), () -> peers(now, client));
        var report = Report.of(usage);
        var findings = findings(request, report, made);
        var risk = risk(request, resource);
        var facts = Facts.builder()
                .client(client.id(), client.name(), client.owner(), client.tags())
                .subject(request.subject())
                .asks(
                        resource,
                        request.scopes(),
                        request.details(),
                        request.details().types(),
                        risk)
                .lifetime(request.lifetime().orElse(USUAL_LIFETIME))
                .words(request.reason(), request.ticket())
                .at(request.begins(), now.surroundings())
                .from(request.origin().address(), now.surroundings())
                .auth(request.origin().method(), keyBound)
                .breakGlass(breakGlass && !Observed.is(request.madeAt(), client, resource));
        if (risk.compareTo(Risk.HIGH) < 0) {
            facts.set(FactSchema.UNFAMILIAR, false);
        }
        if (usage instanceof UsageFacts.Known it) {
            it.facts().forEach(facts::set);
            facts.set("usage.score", (long) report.score())
                    .set("usage.score_terms", report.written())
                    .set(FactSchema.UNFAMILIAR, risk.compareTo(Risk.HIGH) >= 0 && Finding.isUnfamiliar(findings))
                    .findings(Finding.codes(findings));
        }
        var counted = counting.look(request);
        counted.tell(facts);
        if (made && !now.sources().isEmpty()) {
            facts.heard(hear(now, request, risk, facts.build()));
        }
        var judged = judged(request, client.owner(), risk, facts.build(), findings, reasonDigest, now, counted);
        return Observed.at(request.madeAt(), client, resource, registered(request, judged.verdict()))
                .map(judged::observed)
                .orElse(judged);
    }

    /// Asks the sources that can still matter.
    private Heard hear(InForce now, AccessRequest request, Risk risk, Facts known) {
        if (now.sources().isEmpty()) {
            return Heard.NOTHING;
        }
        var asked = now.policy().undecided(known).stream()
                .flatMap(it -> Optional.ofNullable(now.sources().get(it)).stream())
                .toList();
        return sources.ask(
                asked,
                new Inquiry(
                        request.client(),
                        request.subject(),
                        request.resource(),
                        request.scopes().names(),
                        request.details(),
                        request.lifetime().orElse(USUAL_LIFETIME).toSeconds(),
                        risk.word(),
                        request.ticket()));
    }

    /// Whether any source may have to be asked.
    boolean asksSources() {
        return !inForce.get().sources().isEmpty();
    }

    /// What sources say of an approved request at the time it is now, outside of any transaction. About what is
    /// asked of the server itself none is asked.
    Heard hear(Approval.Approved approved, Instant at) {
        var now = inForce.get();
        var question = approved.question();
        var registered = now.clients().containsKey(question.request().client());
        return registered
                ? hear(now, question.request(), question.risk(), then(approved, at, Heard.NOTHING, now))
                : Heard.NOTHING;
    }

    /// The frozen facts, with those of the time it is now.
    private static Facts then(Approval.Approved approved, Instant at, Heard heard, InForce now) {
        return Facts.fromJson(approved.question().facts()).toBuilder()
                .at(at, now.surroundings())
                .heard(heard)
                .build();
    }

    /// What policy says of putting a configuration in force. How often that is done is nothing unusual, so that
    /// it is judged with quiet facts about use, by which it is known beforehand whether anybody can. No source
    /// is asked. People are asked whatever waits for them: it may be what makes less wait.
    ///
    /// @param now the configuration in force, which registers the server itself
    public static Judged publication(InForce now, AccessRequest request) {
        var resource = now.resources().get(request.resource());
        if (resource == null) {
            throw new IllegalStateException("a publication and no resource that it is asked of");
        }
        var risk = risk(request, resource);
        return judged(
                request,
                "",
                risk,
                quiet(now, request, resource, risk),
                List.of(),
                "",
                now.uncapped(),
                new Counted.Not());
    }

    private static Facts quiet(InForce now, AccessRequest request, Resource resource, Risk risk) {
        var facts = Facts.builder();
        FactSchema.facts().forEach(it -> facts.set(it.name(), it.quiet()));
        return facts.client(request.client(), Administration.NAME, "", List.of())
                .subject(request.subject())
                .asks(
                        resource,
                        request.scopes(),
                        request.details(),
                        request.details().types(),
                        risk)
                .lifetime(request.lifetime().orElse(USUAL_LIFETIME))
                .words(request.reason(), request.ticket())
                .at(request.madeAt(), now.surroundings())
                .from(request.origin().address(), now.surroundings())
                .auth(request.origin().method(), false)
                .build();
    }

    /// That people decide whether a client is attested, as its registration has it. Nobody owns what asks: members of
    /// the client's owner decide on each other's.
    ///
    /// @param client the one that is to be attested
    static Judged attestation(InForce now, AccessRequest request, Client client) {
        return ofTheServer(
                now,
                request,
                Attestation.resource(request.resource(), client.name()),
                Attestation.verdict(client, now.policy()),
                client.attest().lasts(),
                // One of each client waits at most, and none is kept waiting by the others.
                now.limits().pendingPerClient() + now.clients().size());
    }

    /// That people decide whether a passkey is enrolled or removed. Nobody owns what asks. However high the
    /// risk is from which on votes are signed, nobody could sign for the first one.
    ///
    /// @param signed whether those who decide sign
    static Judged passkey(InForce now, AccessRequest request, boolean signed) {
        return ofTheServer(
                now,
                request,
                Enrolment.resource(request.resource()).orElseThrow(),
                Enrolment.verdict(now.passkeysAgreedBy(), now.policy().version(), signed),
                request.lifetime().orElse(USUAL_LIFETIME),
                // What one person asks is no reason to keep another waiting.
                MOST_PASSKEYS);
    }

    /// That people decide about something of the server itself, in which no rule has a word.
    ///
    /// @param pending how many of these may wait
    private static Judged ofTheServer(
            InForce now,
            AccessRequest request,
            Resource resource,
            Verdict.Review verdict,
            Duration lifetime,
            int pending) {
        var risk = risk(request, resource);
        return new Judged(
                request,
                verdict,
                new Allowance(request.scopes(), request.details(), lifetime),
                risk,
                quiet(now, request, resource, risk).toJson(),
                List.of(),
                List.of(),
                "",
                "",
                Optional.empty(),
                new InForce.Limits(
                        now.limits().againAfter(), pending, now.limits().syncWait()),
                now.policy(),
                new Counted.Not());
    }

    private static Ask ask(AccessRequest request, Client client, String reasonDigest) {
        var origin = request.origin();
        return new Ask(
                request.client(),
                client.owner(),
                request.resource(),
                request.scopes().names(),
                request.details().types(),
                origin.method(),
                origin.credential(),
                origin.network(),
                origin.agent(),
                reasonDigest,
                request.snapshot(),
                request.lifetime().map(Duration::toSeconds).orElse(0L),
                request.madeAt());
    }

    /// Clients of the same owner or with a tag in common, by name; asked only of what somebody has for the first
    /// time.
    private static List<String> peers(InForce now, Client client) {
        return now.clients().values().stream()
                .filter(it -> !it.id().equals(client.id()))
                .filter(it -> it.owner().equals(client.owner()) || !Collections.disjoint(it.tags(), client.tags()))
                .map(Client::id)
                .sorted()
                .limit(PEERS)
                .toList();
    }

    private static Judged judged(
            AccessRequest request,
            String owner,
            Risk risk,
            Facts facts,
            List<Finding> findings,
            String reasonDigest,
            InForce now,
            Counted counted) {
        var judgement = now.policy().judge(facts);
        return new Judged(
                request,
                judgement.verdict(),
                most(request, judgement.verdict()),
                risk,
                facts.toJson(),
                judgement.trace(),
                findings,
                reasonDigest,
                owner,
                Optional.empty(),
                now.limits(),
                now.policy(),
                counted);
    }

    /// The same request by another count: the same policy on the same facts beside.
    static Judged by(Judged judged, Counted counted) {
        var was = judged.facts();
        var builder = Facts.fromJson(was).toBuilder();
        counted.tell(builder);
        var facts = builder.build();
        var judgement = judged.policy().judge(facts);
        var request = judged.request();
        return new Judged(
                request,
                judgement.verdict(),
                most(request, judgement.verdict()),
                judged.risk(),
                facts.toJson(),
                judgement.trace(),
                judged.findings(),
                judged.reasonDigest(),
                judged.ownedBy(),
                judged.observed()
                        .map(it -> new Observed(it.of(), it.until(), registered(request, judgement.verdict()))),
                judged.limits(),
                judged.policy(),
                counted);
    }

    /// What is asked again at redemption.
    sealed interface Again {
        /// It still holds, for this much.
        record Yes(Allowance granted) implements Again {}

        /// It does not, and why, for the ledger.
        record No(String because) implements Again {}

        /// It cannot be said now: sources are silent, and what they would say might let it through.
        record NotNow() implements Again {}
    }

    /// Today's registration and policy over the frozen request and facts, at the time it is now and by what is
    /// counted now: a denial or a smaller cap counts, new stages do not. A denial only because sources are silent
    /// gives no token, and leaves the approval as it is.
    ///
    /// @param counted empty for what is not counted at all
    /// @param heard what sources say now
    Again again(Approval.Approved approved, Instant at, Optional<Counted> counted, Heard heard) {
        var now = inForce.get();
        var request = approved.question().request();
        var attested = Attestation.of(request);
        if (attested.isPresent()) {
            return attested(approved, Optional.ofNullable(now.clients().get(attested.get())));
        }
        if (Enrolment.is(request)) {
            var stages = Enrolment.verdict(now.passkeysAgreedBy(), "", false).stages();
            return approved.question().verdict().stages().equals(stages)
                    ? new Again.Yes(approved.granted())
                    : new Again.No("registration");
        }
        var client = now.clients().get(request.client());
        var resource = now.resources().get(request.resource());
        boolean registered = request.client().equals(Administration.CLIENT)
                ? resource != null && Administration.is(resource)
                : client != null && resource != null && isRegistered(approved, client, resource);
        if (!registered) {
            return new Again.No("registration");
        }
        var facts = then(approved, at, heard, now).toBuilder();
        counted.ifPresent(it -> it.tell(facts));
        var judgement = now.policy().judge(facts.build());
        return switch (judgement.verdict()) {
            case Verdict.Deny _ when judgement.hangsOnSilence() -> new Again.NotNow();
            case Verdict.Deny deny -> new Again.No("policy: " + deny.rule());
            case Verdict.Approve it -> new Again.Yes(approved.granted().within(cap(it.lifetime())));
            case Verdict.Review it ->
                new Again.Yes(approved.granted().within(cap(it.lifetime())).atMost(it.uses()));
        };
    }

    private static Again attested(Approval.Approved approved, Optional<Client> client) {
        // Whoever agreed is of the group that agrees today.
        return client.filter(it -> !it.disabled()
                        && approved.question()
                                .verdict()
                                .stages()
                                .equals(Attestation.stages(it, "").stages()))
                .<Again>map(it -> new Again.Yes(
                        approved.granted().within(Optional.of(it.attest().lasts()))))
                .orElseGet(() -> new Again.No("registration"));
    }

    private static boolean isRegistered(Approval.Approved approved, Client client, Resource resource) {
        return !client.disabled()
                && (!client.dpopRequired()
                        || !approved.question().request().key().isEmpty())
                && client.grants().contains("client_credentials")
                && isRegistered(approved.granted(), client, resource);
    }

    private static Optional<Duration> cap(Optional<Duration> written) {
        return Optional.of(written.orElse(LONGEST_LIFETIME));
    }

    private static boolean isRegistered(Allowance granted, Client client, Resource resource) {
        var details = client.details().getOrDefault(resource.id(), List.of());
        return granted.scopes().within(client.access().getOrDefault(resource.id(), Scopes.NONE))
                && resource.scopes().keySet().containsAll(granted.scopes().names())
                && details.containsAll(granted.details().types())
                && resource.details().keySet().containsAll(granted.details().types());
    }

    private List<Finding> findings(AccessRequest request, Report report, boolean made) {
        var findings = new ArrayList<>(report.findings());
        if (made && standing.any(request.client()) && isOpenElsewhere(Approvals.Same.of(request))) {
            findings.add(Finding.elsewhere());
        }
        return Finding.worstFirst(findings);
    }

    private boolean isOpenElsewhere(Approvals.Same same) {
        return store.isShared() ? elsewhere.ask(same) : store.look(tx -> approvals.openElsewhere(tx, same));
    }

    private static Risk risk(AccessRequest request, Resource resource) {
        return request.scopes().names().stream()
                .map(it -> resource.scopes().get(it))
                .map(it -> it == null ? Risk.CRITICAL : it.risk())
                .reduce(request.details().risk(resource.details()), Risk::or);
    }

    /// What the client asks for, 60 s when it does not say, and never more than the rules say. The rules' cap is
    /// not what a silent client gets: then one more rule could make a token live longer.
    private static Duration lifetime(AccessRequest request, Verdict verdict) {
        return lifetime(request, written(verdict).orElse(LONGEST_LIFETIME));
    }

    private static Duration lifetime(AccessRequest request, Duration most) {
        var asked = request.lifetime().orElse(USUAL_LIFETIME);
        return asked.compareTo(most) < 0 ? asked : most;
    }

    /// The most that can be granted by that verdict.
    private static Allowance most(AccessRequest request, Verdict verdict) {
        return new Allowance(request.scopes(), request.details(), lifetime(request, verdict), uses(verdict));
    }

    private static int uses(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Review it -> it.uses();
            case Verdict.Approve _, Verdict.Deny _ -> 1;
        };
    }

    private static Optional<Duration> written(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Approve it -> it.lifetime();
            case Verdict.Review it -> it.lifetime();
            case Verdict.Deny _ -> Optional.empty();
        };
    }

    /// What is granted when policy is not followed: all that is asked, which lies within the registration, for no
    /// longer than a token lives when no rule writes more.
    private static Allowance registered(AccessRequest request, Verdict verdict) {
        var cap = written(verdict).orElse(LONGEST_LIFETIME);
        var most = cap.compareTo(LONGEST_LIFETIME) > 0 ? cap : LONGEST_LIFETIME;
        return new Allowance(request.scopes(), request.details(), lifetime(request, most));
    }
}

package dev.countersign.approval;

import dev.countersign.issued.Handles;
import dev.countersign.issued.Revocations;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.policy.BreakGlass;
import dev.countersign.policy.RuleTrace;
import dev.countersign.policy.Verdict;
import dev.countersign.store.Failpoint;
import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import dev.countersign.store.Together;
import dev.countersign.store.Tx;
import dev.countersign.store.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// The gate between a verdict and a token: the only maker of permits.
///
/// Whatever opens it, the order is the same: check again, write the state and its ledger entry in one transaction,
/// commit durably, and only then hand out the permit. A crash can lose an answer, never a record.
public final class Gate {
    /// How long a lost reply can be fetched again.
    static final Duration REDELIVERY = Duration.ofSeconds(60);

    /// How many times, for each is an entry in the ledger: once for everybody whose connection can be held, and as
    /// many lost replies.
    static final int REDELIVERIES = 200;

    /// How many connections to a shared store the steps of clients take at once: fewer than there are. Requests of one
    /// client take turns there, each with its connection, and votes must not wait for them.
    private static final int CONNECTIONS = 10;

    /// How many polls are answered at once at most.
    private static final int POLLED = 256;

    private static final Outcome SPENT =
            new Outcome.No(ErrorCode.INVALID_GRANT, "this deferral code was already redeemed");

    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Freezes freezes;
    private final Revocations revocations;
    private final Handles handles;
    private final Eligibility eligibility;
    private final Judge judge;
    private final Waiters waiters;
    private final Standing standing;
    private final Passes passes;
    private final Asks asks;
    private final InstantSource clock;
    private final GlassUses glassUses = new GlassUses();
    private final Together<String, Optional<Polled>> polls = new Together<>(POLLED, this::polled);
    private final Semaphore connections = new Semaphore(CONNECTIONS, true);

    public Gate(
            Store store,
            Ledger ledger,
            Approvals approvals,
            Freezes freezes,
            Revocations revocations,
            Handles handles,
            Eligibility eligibility,
            Judge judge,
            Waiters waiters,
            Standing standing,
            InstantSource clock) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
        this.freezes = freezes;
        this.revocations = revocations;
        this.handles = handles;
        this.eligibility = eligibility;
        this.judge = judge;
        this.waiters = waiters;
        this.standing = standing;
        this.passes = new Passes(store, ledger, approvals);
        this.asks = new Asks(store, ledger, approvals, handles, standing);
        this.clock = clock;
    }

    /// Settles a request that was just made: joins the same one if that is open, or acts on the verdict, unless that is
    /// observed only.
    ///
    /// @param code a deferral code that the client is given should it have to wait; kept in the same transaction
    public Outcome settle(Judged judged, Optional<Handles.Fresh> code) {
        return judged.observed()
                .map(it -> passAtOnce(judged, it.granted(), code, Optional.empty()))
                .orElseGet(() -> settle(judged, code, Optional.empty()));
    }

    /// The same for a request whose permit is used here and now, and whoever asked holds nothing. It is never observed
    /// only.
    public Outcome settle(Judged judged, Use use) {
        return settle(judged, Optional.empty(), Optional.of(use));
    }

    private Outcome settle(Judged judged, Optional<Handles.Fresh> code, Optional<Use> use) {
        return switch (judged.verdict()) {
            case Verdict.Approve it
            when it.breakGlass().isPresent() ->
                breakGlass(judged, it.breakGlass().get());
            case Verdict.Approve _ -> passAtOnce(judged, judged.ask(), code, use);
            case Verdict.Review review -> ask(judged, review, code, use);
            case Verdict.Deny _ -> deny(judged, code);
        };
    }

    private Outcome deny(Judged judged, Optional<Handles.Fresh> code) {
        var sought = Sought.of(judged);
        return step(tx -> {
            var joined = join(tx, sought);
            return joined.isPresent()
                    ? joined(tx, judged.request(), joined.get(), code)
                    : refuse(tx, judged, Because.POLICY);
        });
    }

    /// Policy approves, or it is observed only: one leaf carries request, verdict and mint, and is the only row that is
    /// written. It is sealed before the transaction, which then only looks at the freezes and inserts it.
    private Outcome passAtOnce(Judged judged, Allowance granted, Optional<Handles.Fresh> code, Optional<Use> use) {
        var now = clock.instant();
        var issued = now.truncatedTo(ChronoUnit.SECONDS);
        var tokenId = Ids.next();
        var until = issued.plus(granted.lifetime());
        var leaf = ledger.seal(Entries.passed(judged, granted, hindrance(judged), tokenId, issued, until, now));
        var token = new MintedToken(tokenId, granted, issued, until, leaf.hash());
        var permit = new Permit(
                judged.request(), token, new Permit.Approved(judged.request().id(), until, leaf.hash(), "policy", 0));
        var go = new Outcome.Go(permit);
        var sought = Sought.of(judged);
        if (use.isEmpty() && store.isShared() && passes.write(sought, leaf)) {
            return go;
        }
        return step(tx -> {
            boolean free = approvals.isFree(tx, sought);
            var joined = free ? Optional.<Outcome>empty() : join(tx, sought);
            if (joined.isPresent()) {
                return joined(tx, judged.request(), joined.get(), code);
            }
            Freezes.takePassage(tx);
            if ((!free || store.isShared())
                    && freezes.stops(
                            tx, judged.request().client(), judged.request().resource())) {
                return refuse(tx, judged, Because.FROZEN);
            }
            // People's no stands for a while against policy's yes, too.
            if (!free && approvals.denied(tx, sought)) {
                return refuse(tx, judged, Because.AGAIN_AFTER);
            }
            var stands = against(tx, use, granted);
            if (stands.isPresent()) {
                return new Outcome.No(ErrorCode.ACCESS_DENIED, stands.get());
            }
            ledger.append(tx, leaf);
            Failpoint.pass("pass.written");
            if (use.isPresent()) {
                use.get().used(tx, permit);
            }
            return go;
        });
    }

    /// Why a request that is observed only would be refused at once, though policy wants people to decide it.
    private Optional<Because> hindrance(Judged judged) {
        if (judged.observed().isEmpty() || !(judged.verdict() instanceof Verdict.Review review)) {
            return Optional.empty();
        }
        var request = judged.request();
        return missing(request, review)
                .or(() -> eligibility.decidable(review.stages(), judged.ownedBy(), request.subject(), request.madeAt())
                        ? Optional.empty()
                        : Optional.of(Because.NO_REVIEWER));
    }

    /// The client breaks the glass: a token goes out before people have looked, as often as the rules allow, and not
    /// while they owe a look at an earlier one. The same request that waits goes on waiting.
    private Outcome breakGlass(Judged judged, BreakGlass glass) {
        var request = judged.request();
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var issued = now.truncatedTo(ChronoUnit.SECONDS);
        var tokenId = Ids.next();
        var until = issued.plus(judged.ask().lifetime());
        var minted = ledger.seal(Entries.passed(judged, judged.ask(), Optional.empty(), tokenId, issued, until, now));
        var made = GlassUse.of(judged, glass, now);
        var used = ledger.seal(GlassEntries.used(made, glass.limits(), minted.hash()));
        var token = new MintedToken(tokenId, judged.ask(), issued, until, minted.hash());
        var permit = new Permit(
                request, token, new Permit.Approved(request.id(), until, minted.hash(), Member.BY_BREAK_GLASS, 0));
        boolean decidable = eligibility.decidable(glass.stages(), judged.ownedBy(), request.subject(), now);
        var sought = Sought.of(judged);
        return step(tx -> {
            if (store.isShared()) {
                Approvals.takeTurn(tx, request.client());
            }
            Freezes.takePassage(tx);
            if (freezes.stops(tx, request.client(), request.resource())) {
                return refuse(tx, judged, Because.FROZEN);
            }
            if (request.reason().isBlank()) {
                return refuse(tx, judged, Because.BREAK_GLASS_NO_REASON);
            }
            if (approvals.deniedByPeople(tx, sought)) {
                return refuse(tx, judged, Because.AGAIN_AFTER);
            }
            if (!decidable) {
                return refuse(tx, judged, Because.NO_REVIEWER);
            }
            var against = glassUses.against(tx, request.client(), glass.limits(), now);
            if (against.isPresent()) {
                return refuse(tx, judged, against.get());
            }
            ledger.appendAll(tx, List.of(minted, used));
            glassUses.insert(tx, made, used.hash());
            Failpoint.pass("pass.written");
            return new Outcome.Go(permit);
        });
    }

    private Outcome refuse(Tx tx, Judged judged, GlassUses.Against against) throws SQLException {
        ledger.append(tx, Entries.refused(judged, against.because(), tx.now()));
        var about = against.about().isEmpty() ? "" : ": look at " + against.about();
        return new Outcome.No(
                against.because().code,
                against.because().said + about + "; reference "
                        + judged.request().id());
    }

    private static Optional<String> against(Tx tx, Optional<Use> use, Allowance granted) throws SQLException {
        return use.isPresent() ? use.get().against(tx, granted) : Optional.empty();
    }

    private <T> T step(Work<T> step) {
        if (!store.isShared()) {
            return Overtaken.retry(() -> store.writeGuarded(step));
        }
        connections.acquireUninterruptibly();
        try {
            return Overtaken.retry(() -> store.writeGuarded(step));
        } finally {
            connections.release();
        }
    }

    private Outcome joined(Tx tx, AccessRequest request, Outcome outcome, Optional<Handles.Fresh> code)
            throws SQLException {
        if (outcome instanceof Outcome.Wait(var id, _) && code.isPresent()) {
            handles.makeRoom(tx, id);
        }
        return deferred(tx, request, outcome, code);
    }

    private Outcome deferred(Tx tx, AccessRequest request, Outcome outcome, Optional<Handles.Fresh> code)
            throws SQLException {
        if (outcome instanceof Outcome.Wait wait && code.isPresent()) {
            handles.keep(tx, code.get(), handle(request, wait));
        }
        return outcome;
    }

    private static Handles.Handle handle(AccessRequest request, Outcome.Wait wait) {
        return new Handles.Handle(wait.id(), request.client(), request.key(), wait.until());
    }

    /// The same request while one is open is that request; shortly after it was redeemed it gets that token again.
    private Optional<Outcome> join(Tx tx, Sought sought) throws SQLException {
        var row = approvals.joinable(tx, sought);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        return switch (expireIfLate(tx, row.get()).approval()) {
            case Approval.Pending it -> Optional.of(waits(it));
            case Approval.Approved it -> Optional.of(new Outcome.Ready(it.id()));
            case Approval.Redeemed it -> again(tx, it.id());
            case Approval.Denied _, Approval.Expired _, Approval.Cancelled _, Approval.Revoked _ -> Optional.empty();
        };
    }

    /// Policy wants people to decide. What is written is made before the transaction, which then only looks whether it
    /// may be, and inserts it.
    private Outcome ask(Judged judged, Verdict.Review review, Optional<Handles.Fresh> code, Optional<Use> use) {
        var request = judged.request();
        var question = new Question(
                request,
                judged.ask(),
                judged.risk(),
                review,
                judged.facts(),
                judged.trace().stream().map(RuleTrace::toString).toList(),
                judged.findings(),
                judged.ownedBy(),
                request.madeAt().plus(review.within()));
        var pending = new Approval.Pending(question, List.of());
        var made = ledger.seal(Entries.made(question, judged.reasonDigest()));
        var asked = ledger.seal(Entries.judged(question, made.hash()));
        var sought = Sought.of(judged);
        var draft = Approvals.Draft.of(pending, sought, asked.hash());
        var wait = waits(pending);
        boolean decidable =
                eligibility.decidable(review.stages(), judged.ownedBy(), request.subject(), request.madeAt());
        boolean plain = use.isEmpty() && decidable && missing(request, review).isEmpty();
        if (plain && store.isShared()) {
            var kept = code.map(it -> new Handles.Kept(it, handle(request, wait)));
            var limit = judged.limits().pendingPerClient();
            if (asks.write(new Asks.Ask(sought, List.of(made, asked), draft, limit, kept))) {
                return wait;
            }
        }
        return step(tx -> {
            if (store.isShared()) {
                Approvals.takeTurn(tx, request.client());
            }
            boolean free = approvals.isFree(tx, sought);
            var joined = free ? Optional.<Outcome>empty() : join(tx, sought);
            if (joined.isPresent()) {
                return joined(tx, request, joined.get(), code);
            }
            var against = against(tx, judged, sought, review, free, decidable);
            if (against.isPresent()) {
                return refuse(tx, judged, against.get());
            }
            ledger.appendAll(tx, List.of(made, asked));
            approvals.insert(tx, draft);
            if (use.isPresent()) {
                use.get().asked(tx, request.id());
            }
            Failpoint.pass("ask.written");
            tx.afterCommit(() -> standing.opened(request.id(), request.client()));
            return deferred(tx, request, wait, code);
        });
    }

    /// What stands against asking people.
    ///
    /// @param free whether [Approvals#isFree] said so
    /// @param decidable whether there are people who could decide it
    private Optional<Because> against(
            Tx tx, Judged judged, Sought sought, Verdict.Review review, boolean free, boolean decidable)
            throws SQLException {
        var request = judged.request();
        if (!free && freezes.stops(tx, request.client(), request.resource())) {
            return Optional.of(Because.FROZEN);
        }
        var missing = missing(request, review);
        if (missing.isPresent()) {
            return missing;
        }
        if (!free && approvals.denied(tx, sought)) {
            return Optional.of(Because.AGAIN_AFTER);
        }
        // What its client takes back has troubled people all the same: else it could cancel and ask again for ever.
        if (approvals.pending(tx, sought) >= judged.limits().pendingPerClient()) {
            return Optional.of(Because.TOO_MANY_PENDING);
        }
        return decidable ? Optional.empty() : Optional.of(Because.NO_REVIEWER);
    }

    private Outcome refuse(Tx tx, Judged judged, Because because) throws SQLException {
        ledger.append(tx, Entries.refused(judged, because, tx.now()));
        return new Outcome.No(
                because.code, because.said + "; reference " + judged.request().id());
    }

    /// What the rules want reviewers to read and the client did not send.
    private static Optional<Because> missing(AccessRequest request, Verdict.Review review) {
        if (review.require().contains("reason") && request.reason().isEmpty()) {
            return Optional.of(Because.NO_REASON);
        }
        return review.require().contains("ticket") && request.ticket().isEmpty()
                ? Optional.of(Because.NO_TICKET)
                : Optional.empty();
    }

    private static Outcome.Wait waits(Approval.Pending it) {
        var review = it.question().verdict();
        return new Outcome.Wait(it.id(), it.question().decideBy().plus(review.collect()));
    }

    /// Waits until a request is decided, at most `patience`: [Outcome.Ready] when there is something to fetch,
    /// [Outcome.Wait] when time ran out first.
    public Outcome hold(String id, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        try (var bell = waiters.at(id)) {
            while (true) {
                switch (now(id)) {
                    case Approval.Pending it -> {
                        var left = Duration.ofNanos(end - System.nanoTime());
                        if (!left.isPositive() || waiters.over()) {
                            return waits(it);
                        }
                        bell.await(left);
                    }
                    case Approval.Approved _, Approval.Redeemed _ -> {
                        return new Outcome.Ready(id);
                    }
                    case Approval.Denied _, Approval.Expired _, Approval.Cancelled _, Approval.Revoked _ -> {
                        return denied(id);
                    }
                }
            }
        }
    }

    /// What a deferral code is about.
    ///
    /// @param pending whether people have still to decide, which is all that most polls are for
    public record Polled(Handles.Handle handle, boolean pending) {}

    /// What a code stands for, and whether that waits; empty for a code that stands for nothing.
    public Optional<Polled> polled(String code) {
        var hash = handles.hash(code);
        if (store.isShared()) {
            return polls.ask(hash);
        }
        return store.look(tx -> {
            var handle = handles.find(tx, hash);
            return handle.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Polled(
                            handle.get(), approvals.isPending(tx, handle.get().approvalId(), tx.now())));
        });
    }

    private List<Optional<Polled>> polled(List<String> hashes) {
        return store.look(tx -> {
            var found = handles.findAll(tx, hashes);
            var ids = found.values().stream().map(Handles.Handle::approvalId).toList();
            var pending = approvals.pending(tx, ids, tx.now());
            return hashes.stream()
                    .map(hash -> Optional.ofNullable(found.get(hash))
                            .map(it -> new Polled(it, pending.contains(it.approvalId()))))
                    .toList();
        });
    }

    /// How many requests wait to be written together with others.
    public int waiting() {
        return passes.waiting() + asks.waiting();
    }

    /// Where a request stands, for a poll with its deferral code. A code whose request was redeemed is dead, whatever
    /// became of the token.
    public Outcome look(String id) {
        return switch (now(id)) {
            case Approval.Pending it -> waits(it);
            case Approval.Approved _ -> new Outcome.Ready(id);
            case Approval.Redeemed _ -> SPENT;
            case Approval.Revoked it -> it.token().isPresent() ? SPENT : denied(id);
            case Approval.Expired _ -> new Outcome.No(ErrorCode.EXPIRED_TOKEN, "it took too long; reference " + id);
            case Approval.Denied _, Approval.Cancelled _ -> denied(id);
        };
    }

    /// Collects with a deferral code: of many that race, one gets the token.
    public Outcome collect(String id) {
        return redeem(id).orElseGet(() -> look(id));
    }

    /// Fetches for a held request or a retry of it: those that waited together, and one whose answer was lost, get the
    /// one token.
    public Outcome fetch(String id) {
        return redeem(id).orElseGet(() -> again(id));
    }

    /// Redeems an approved request and uses its permit in the same transaction: of many that try, one does.
    public Outcome use(String id, Use use) {
        return redeem(id, Optional.of(use)).orElseGet(() -> look(id));
    }

    private Optional<Outcome> redeem(String id) {
        return redeem(id, Optional.empty());
    }

    /// Redeems an approved request: policy, registration, freeze and time are asked again, the state and the mint entry
    /// become durable, and then there is a permit. Empty when it is not approved any more.
    private Optional<Outcome> redeem(String id, Optional<Use> use) {
        return step(tx -> {
            var row = expireIfLate(tx, approvals.hold(tx, id).orElseThrow());
            if (!(row.approval() instanceof Approval.Approved approved)) {
                return Optional.empty();
            }
            var request = approved.question().request();
            Freezes.takePassage(tx);
            if (freezes.stops(tx, request.client(), request.resource())) {
                return Optional.of(lapse(tx, row, approved, "frozen"));
            }
            var stands = against(tx, use, approved.granted());
            if (stands.isPresent()) {
                return Optional.of(lapse(tx, row, approved, stands.get()));
            }
            return Optional.of(
                    switch (judge.again(approved, tx.now())) {
                        case Judge.Again.No(var because) -> lapse(tx, row, approved, because);
                        case Judge.Again.Yes(var granted) -> mint(tx, row, approved, granted, use);
                    });
        });
    }

    private Outcome mint(Tx tx, Approvals.Row row, Approval.Approved approved, Allowance granted, Optional<Use> use)
            throws SQLException {
        var now = tx.now();
        var issued = now.truncatedTo(ChronoUnit.SECONDS);
        var wanted = issued.plus(granted.lifetime());
        var last = approved.until().truncatedTo(ChronoUnit.SECONDS);
        var expires = wanted.isBefore(last) ? wanted : last;
        var tokenId = Ids.next();
        var minted = new Allowance(granted.scopes(), granted.details(), Duration.between(issued, expires));
        var entry = ledger.append(tx, Entries.minted(approved, minted, tokenId, issued, expires, now, row.lastLeaf()))
                .hash();
        var token = new MintedToken(tokenId, minted, issued, expires, entry);
        Failpoint.pass("redeem.minting");
        approvals.mint(tx, approved.id(), token);
        var redeemed = approved.redeem(token);
        take(tx, row, redeemed, entry);
        var permit = permit(redeemed);
        if (use.isPresent()) {
            use.get().used(tx, permit);
        }
        Failpoint.pass("redeem.written");
        return new Outcome.Go(permit);
    }

    /// An approval that does not hold any more ends here; waiting would only hide it.
    private Outcome lapse(Tx tx, Approvals.Row row, Approval.Approved approved, String because) throws SQLException {
        var now = tx.now();
        var ended = new Approval.Revoked(approved.question(), approved.heard(), because, now, Optional.empty());
        take(
                tx,
                row,
                ended,
                ledger.append(tx, Entries.revoked(ended, Entries.POLICY, row.lastLeaf()))
                        .hash());
        return new Outcome.No(ErrorCode.ACCESS_DENIED, "the approval no longer holds; reference " + approved.id());
    }

    /// The same token for those that waited together, and for a retry whose answer was lost.
    private Outcome again(String id) {
        return step(tx -> again(tx, id).orElseGet(() -> denied(id)));
    }

    private Optional<Outcome> again(Tx tx, String id) throws SQLException {
        var row = approvals.hold(tx, id).orElseThrow();
        return row.approval() instanceof Approval.Redeemed redeemed ? redeliver(tx, row, redeemed) : Optional.empty();
    }

    private Optional<Outcome> redeliver(Tx tx, Approvals.Row row, Approval.Redeemed redeemed) throws SQLException {
        var now = tx.now();
        var request = redeemed.question().request();
        var token = redeemed.token();
        Freezes.takePassage(tx);
        if (now.isAfter(token.at().plus(REDELIVERY).plusSeconds(1))
                || !now.isBefore(token.expiresAt())
                || freezes.stops(tx, request.client(), request.resource())
                || revocations.contains(tx, token.id())
                || !approvals.redeliver(tx, redeemed.id(), REDELIVERIES)) {
            return Optional.empty();
        }
        take(
                tx,
                row,
                redeemed,
                ledger.append(tx, Entries.redelivered(redeemed, now, row.lastLeaf()))
                        .hash());
        return Optional.of(new Outcome.Go(permit(redeemed)));
    }

    private static Permit permit(Approval.Redeemed redeemed) {
        long votes = redeemed.heard().stream()
                .filter(it -> it.word() == Vote.Word.APPROVE)
                .count();
        return new Permit(
                redeemed.question().request(),
                redeemed.token(),
                new Permit.Approved(
                        redeemed.id(), redeemed.until(), redeemed.token().entry(), "people", (int) votes));
    }

    /// Writes the end of a request whose deadline has come.
    Approvals.Row expireIfLate(Tx tx, Approvals.Row row) throws SQLException {
        var now = tx.now();
        var then = row.approval().asOf(now);
        if (then.state().equals(row.approval().state())) {
            return row;
        }
        var leaf = ledger.append(tx, Entries.expired(row.approval(), now, row.lastLeaf()))
                .hash();
        take(tx, row, then, leaf);
        return new Approvals.Row(then, row.version() + 1, leaf);
    }

    /// One step, or [Overtaken].
    void take(Tx tx, Approvals.Row from, Approval to, LeafHash leaf) throws SQLException {
        if (!approvals.step(tx, from, to, leaf, tx.now())) {
            throw new Overtaken();
        }
        if (!from.approval().state().equals(to.state())) {
            tx.afterCommit(() -> waiters.wake(to.id()));
        }
    }

    private Approval now(String id) {
        Instant now = clock.instant();
        return store.look(tx -> approvals.find(tx, id)).orElseThrow().approval().asOf(now);
    }

    private static Outcome denied(String id) {
        return new Outcome.No(ErrorCode.ACCESS_DENIED, "this request was not approved; reference " + id);
    }
}

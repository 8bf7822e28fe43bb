package dev.countersign.approval;

import dev.countersign.issued.Handles;
import dev.countersign.issued.Revocations;
import dev.countersign.ledger.Ledger;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.policy.Heard;
import dev.countersign.policy.Verdict;
import dev.countersign.store.Store;
import dev.countersign.store.Together;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

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

    /// How many polls are answered at once at most.
    private static final int POLLED = 256;

    private static final Outcome SPENT =
            new Outcome.No(ErrorCode.INVALID_GRANT, "this deferral code was already redeemed");

    private final Store store;
    private final Approvals approvals;
    private final Handles handles;
    private final Waiters waiters;
    private final Judge judge;
    private final InstantSource clock;
    private final Settlement settlement;
    private final Redemption redemption;
    private final GlassBreaking glassBreaking;
    private final Together<String, Optional<Polled>> polls = new Together<>(POLLED, this::polled);

    /// What moves requests on beside their clients: votes, ends.
    final Steps steps;

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
            Burden burden,
            Counting counting,
            Signatures signatures,
            InstantSource clock) {
        this.store = store;
        this.approvals = approvals;
        this.handles = handles;
        this.waiters = waiters;
        this.judge = judge;
        this.clock = clock;
        this.steps = new Steps(store, ledger, approvals, waiters);
        var uses = new Uses();
        this.redemption =
                new Redemption(ledger, approvals, freezes, revocations, uses, judge, counting, signatures, steps);
        this.settlement = new Settlement(
                store,
                ledger,
                approvals,
                freezes,
                handles,
                eligibility,
                standing,
                burden,
                steps,
                redemption,
                new Further(ledger, approvals, freezes, uses, counting),
                counting,
                clock);
        this.glassBreaking = new GlassBreaking(store, ledger, approvals, freezes, eligibility, counting, steps, clock);
    }

    /// What came of a request that was just made.
    ///
    /// @param judged what it was settled by: policy was asked once more when a count moved meanwhile
    public record Settled(Outcome outcome, Judged judged) {}

    /// Settles a request that was just made: joins the same one if that is open, or acts on the verdict, unless that is
    /// observed only.
    ///
    /// @param code a deferral code that the client is given should it have to wait; kept in the same transaction
    public Settled settle(Judged judged, Optional<Handles.Fresh> code) {
        return settle(judged, code, Optional.empty());
    }

    /// The same for a request whose permit is used here and now, and whoever asked holds nothing. It is never observed
    /// only.
    public Outcome settle(Judged judged, Use use) {
        return settle(judged, Optional.empty(), Optional.of(use)).outcome();
    }

    /// Why a request would be refused at once if it were made now; empty when it would not be. Nothing is written.
    Optional<Because> foreseen(Judged judged) {
        return settlement.foreseen(judged);
    }

    private Settled settle(Judged first, Optional<Handles.Fresh> code, Optional<Use> use) {
        var judged = first;
        while (true) {
            try {
                return new Settled(act(judged, code, use), judged);
            } catch (Moved moved) {
                judged = moved.judged;
            }
        }
    }

    private Outcome act(Judged judged, Optional<Handles.Fresh> code, Optional<Use> use) {
        if (judged.observed().isPresent()) {
            return settlement.passAtOnce(judged, code, use);
        }
        return switch (judged.verdict()) {
            case Verdict.Approve it
            when it.breakGlass().isPresent() ->
                glassBreaking.breakGlass(judged, it.breakGlass().get());
            case Verdict.Approve _ -> settlement.passAtOnce(judged, code, use);
            case Verdict.Review review -> settlement.ask(judged, review, code, use);
            case Verdict.Deny _ -> settlement.deny(judged, code);
        };
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
                            return Outcome.Wait.of(it);
                        }
                        bell.await(left);
                    }
                    case Approval.Approved it -> {
                        var toStart = Duration.between(
                                clock.instant(), it.question().request().begins());
                        var left = Duration.ofNanos(end - System.nanoTime());
                        if (!toStart.isPositive()) {
                            return new Outcome.Ready(id);
                        }
                        if (!left.isPositive() || waiters.over()) {
                            return Outcome.Wait.of(it);
                        }
                        bell.await(left.compareTo(toStart) < 0 ? left : toStart);
                    }
                    case Approval.Redeemed _ -> {
                        return new Outcome.Ready(id);
                    }
                    case Approval.Denied _, Approval.Expired _, Approval.Cancelled _, Approval.Revoked _ -> {
                        return Outcome.No.notApproved(id);
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
        return settlement.waiting();
    }

    /// Where a request stands, for a poll with its deferral code. A code whose request was redeemed is dead, whatever
    /// became of the token.
    public Outcome look(String id) {
        return switch (now(id)) {
            case Approval.Pending it -> Outcome.Wait.of(it);
            case Approval.Approved it ->
                it.question().request().waits(clock.instant()) ? Outcome.Wait.of(it) : new Outcome.Ready(id);
            case Approval.Redeemed _ -> SPENT;
            case Approval.Revoked it -> it.token().isPresent() ? SPENT : Outcome.No.notApproved(id);
            case Approval.Expired _ -> new Outcome.No(ErrorCode.EXPIRED_TOKEN, "it took too long; reference " + id);
            case Approval.Denied _, Approval.Cancelled _ -> Outcome.No.notApproved(id);
        };
    }

    /// Whether sources may have to be asked before a request is redeemed.
    public boolean asksSources() {
        return judge.asksSources();
    }

    /// Asks sources about a request that is about to be redeemed, as long as that takes; for [#collect] and
    /// [#fetch].
    public Heard hear(String id) {
        return asksSources() && now(id) instanceof Approval.Approved approved
                ? judge.hear(approved, clock.instant())
                : Heard.NOTHING;
    }

    /// Collects with a deferral code: of many that race, one gets the token.
    public Outcome collect(String id) {
        return collect(id, hear(id));
    }

    /// The same for who has asked sources already.
    public Outcome collect(String id, Heard heard) {
        return redeem(id, heard).orElseGet(() -> look(id));
    }

    /// Fetches for a held request or a retry of it: those that waited together, and one whose answer was lost, get the
    /// one token.
    public Outcome fetch(String id) {
        return fetch(id, hear(id));
    }

    /// The same for who has asked sources already.
    public Outcome fetch(String id, Heard heard) {
        return redeem(id, heard).orElseGet(() -> redemption.again(id));
    }

    /// Redeems an approved request and uses its permit in the same transaction: of many that try, one does.
    public Outcome use(String id, Use use) {
        return redemption.redeem(id, Optional.of(use), Heard.NOTHING).orElseGet(() -> look(id));
    }

    private Optional<Outcome> redeem(String id, Heard heard) {
        return redemption.redeem(id, Optional.empty(), heard);
    }

    private Approval now(String id) {
        Instant now = clock.instant();
        return store.look(tx -> approvals.find(tx, id)).orElseThrow().approval().asOf(now);
    }
}

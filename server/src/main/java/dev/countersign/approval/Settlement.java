package dev.countersign.approval;

import dev.countersign.issued.Handles;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Leaf;
import dev.countersign.ledger.Ledger;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.policy.Facts;
import dev.countersign.policy.RuleTrace;
import dev.countersign.policy.SourceFacts;
import dev.countersign.policy.Verdict;
import dev.countersign.store.Failpoint;
import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What becomes of a request that was just made: it joins the same one, passes at once, is asked of people, or is
/// refused. The permits that policy's own approvals give are made here.
final class Settlement {
    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Freezes freezes;
    private final Handles handles;
    private final Eligibility eligibility;
    private final Standing standing;
    private final Burden burden;
    private final Steps steps;
    private final Redemption redemption;
    private final Further further;
    private final Passes passes;
    private final Asks asks;
    private final Counting counting;
    private final InstantSource clock;

    Settlement(
            Store store,
            Ledger ledger,
            Approvals approvals,
            Freezes freezes,
            Handles handles,
            Eligibility eligibility,
            Standing standing,
            Burden burden,
            Steps steps,
            Redemption redemption,
            Further further,
            Counting counting,
            InstantSource clock) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
        this.freezes = freezes;
        this.handles = handles;
        this.eligibility = eligibility;
        this.standing = standing;
        this.burden = burden;
        this.steps = steps;
        this.redemption = redemption;
        this.further = further;
        this.counting = counting;
        this.passes = new Passes(store, ledger, approvals);
        this.asks = new Asks(store, ledger, approvals, handles, standing);
        this.clock = clock;
    }

    /// How many wait to be written together with others.
    int waiting() {
        return passes.waiting() + asks.waiting();
    }

    Outcome deny(Judged judged, Optional<Handles.Fresh> code) {
        var sought = Sought.of(judged);
        return steps.take(tx -> {
            var joined = join(tx, sought);
            return joined.isPresent()
                    ? joined(tx, judged.request(), joined.get(), code)
                    : steps.refuse(tx, judged, Because.POLICY);
        });
    }

    /// Why a request would be refused at once if it were made now; empty when it would not be. Nothing is written.
    Optional<Because> foreseen(Judged judged) {
        var sought = Sought.of(judged);
        return switch (judged.verdict()) {
            case Verdict.Approve _ -> store.read(tx -> againstPass(tx, judged, sought));
            case Verdict.Review review -> {
                var undecidable = undecidable(judged, review);
                yield store.read(tx -> against(tx, judged, sought, review, false, undecidable));
            }
            case Verdict.Deny _ -> Optional.of(Because.POLICY);
        };
    }

    private Optional<Because> againstPass(Tx tx, Judged judged, Sought sought) throws SQLException {
        if (freezes.stops(tx, judged.request().client(), judged.request().resource())) {
            return Optional.of(Because.FROZEN);
        }
        if (approvals.denied(tx, sought)) {
            return Optional.of(Because.AGAIN_AFTER);
        }
        return judged.request().waits(tx.now()) ? Optional.of(Because.TOO_EARLY) : Optional.empty();
    }

    /// What gives out a token at once.
    private record Pass(Leaf leaf, Permit permit) {}

    private Pass pass(Judged judged, Optional<Because> hindrance, Function<Entry, Leaf> seal) {
        var now = clock.instant();
        var issued = now.truncatedTo(ChronoUnit.SECONDS);
        var tokenId = Ids.next();
        var granted = judged.granted();
        var until = issued.plus(granted.lifetime());
        var leaf = seal.apply(Entries.passed(judged, granted, hindrance, tokenId, issued, until, now));
        var token = new MintedToken(tokenId, granted, issued, until, leaf.hash());
        return new Pass(
                leaf,
                new Permit(
                        judged.request(),
                        token,
                        new Permit.Approved(judged.request().id(), until, leaf.hash(), "policy")));
    }

    /// Policy approves, or it is observed only: one leaf carries request, verdict and mint, and is the only row that is
    /// written. It is sealed before the transaction, which then only looks at the freezes and inserts it.
    ///
    /// Where tokens are counted it is a client's turn, and policy is asked once more when the count is another
    /// one by then.
    Outcome passAtOnce(Judged judged, Optional<Handles.Fresh> code, Optional<Use> use) {
        var hindrance = hindrance(judged);
        var first = pass(judged, hindrance, ledger::seal);
        var sought = Sought.of(judged);
        boolean together = use.isEmpty()
                && !counting.isOn()
                && store.isShared()
                && !judged.request().waits(clock.instant());
        if (together && passes.write(sought, first.leaf())) {
            return new Outcome.Go(first.permit());
        }
        return steps.take(tx -> {
            boolean hasTurn =
                    use.isEmpty() && counting.takeTurn(tx, judged.request().client());
            boolean free = approvals.isFree(tx, sought);
            var joined = free ? Optional.<Outcome>empty() : join(tx, sought);
            if (joined.isPresent()) {
                return joined(tx, judged.request(), joined.get(), code);
            }
            Freezes.takePassage(tx);
            if ((!free || store.isShared())
                    && freezes.stops(
                            tx, judged.request().client(), judged.request().resource())) {
                return steps.refuse(tx, judged, Because.FROZEN);
            }
            // People's no stands for a while against policy's yes, too.
            if (!free && approvals.denied(tx, sought)) {
                return steps.refuse(tx, judged, Because.AGAIN_AFTER);
            }
            // What policy decides at once is decided when it is needed.
            if (judged.request().waits(tx.now())) {
                return steps.refuse(tx, judged, Because.TOO_EARLY);
            }
            var stands = Use.against(tx, use, judged.granted());
            if (stands.isPresent()) {
                return new Outcome.No(ErrorCode.ACCESS_DENIED, stands.get());
            }
            boolean uncounted = use.isPresent() || (free && !store.isShared());
            var now = uncounted ? judged : counting.again(tx, judged, hasTurn);
            var pass = now.equals(judged) ? first : pass(now, hindrance, it -> ledger.seal(tx, it));
            if (!uncounted) {
                counting.given(tx, now);
            }
            ledger.append(tx, pass.leaf());
            Failpoint.pass("pass.written");
            if (use.isPresent()) {
                use.get().used(tx, pass.permit());
            }
            return new Outcome.Go(pass.permit());
        });
    }

    /// Why a request that is observed only would be refused at once, though policy wants people to decide it.
    private Optional<Because> hindrance(Judged judged) {
        if (judged.observed().isEmpty() || !(judged.verdict() instanceof Verdict.Review review)) {
            return Optional.empty();
        }
        var request = judged.request();
        return missing(request, review).or(() -> undecidable(judged, review));
    }

    /// Why nobody could decide it: there is nobody, or only people for whom as much waits already as may. That is
    /// as far as this node has heard, so that many at once come to a few more.
    private Optional<Because> undecidable(Judged judged, Verdict.Review review) {
        var stages = review.stages();
        var request = judged.request();
        if (!eligibility.decidable(stages, judged.ownedBy(), request.subject(), request.madeAt())) {
            return Optional.of(Because.NO_REVIEWER);
        }
        var most = judged.limits().pendingPerReviewer();
        return most.isEmpty()
                        || eligibility.decidable(
                                stages, judged.ownedBy(), request.subject(), request.madeAt(), burden, most.getAsInt())
                ? Optional.empty()
                : Optional.of(Because.REVIEWERS_FULL);
    }

    /// What is written when people are asked.
    private record Asked(List<Leaf> leaves, Approvals.Draft draft, Outcome.Wait waits) {}

    private static Asked asked(
            Judged judged,
            Verdict.Review review,
            Sought sought,
            Optional<String> briefing,
            Function<Entry, Leaf> seal) {
        var request = judged.request();
        var question = new Question(
                request,
                judged.ask(),
                judged.risk(),
                review,
                judged.facts(),
                told(judged),
                judged.findings(),
                judged.ownedBy(),
                request.madeAt().plus(review.within()));
        var pending = new Approval.Pending(question, List.of());
        var made = seal.apply(Entries.made(question, judged.reasonDigest()));
        var asked = seal.apply(Entries.judged(question, briefing, made.hash()));
        return new Asked(
                List.of(made, asked), Approvals.Draft.of(pending, sought, asked.hash()), Outcome.Wait.of(pending));
    }

    /// Policy wants people to decide. What is written is made before the transaction, which then only looks whether it
    /// may be, and inserts it.
    Outcome ask(Judged judged, Verdict.Review review, Optional<Handles.Fresh> code, Optional<Use> use) {
        var request = judged.request();
        var sought = Sought.of(judged);
        var briefing = use.flatMap(Use::briefing);
        var first = asked(judged, review, sought, briefing, ledger::seal);
        var undecidable = undecidable(judged, review);
        boolean complete = use.isEmpty() && missing(request, review).isEmpty();
        boolean several = complete && review.uses() > 1;
        boolean plain = complete && undecidable.isEmpty() && !several && !isTooEarly(request, review);
        if (plain && !counting.isOn() && store.isShared()) {
            var kept = code.map(it -> new Handles.Kept(it, handle(request, first.waits())));
            var limit = judged.limits().pendingPerClient();
            if (asks.write(new Asks.Ask(sought, first.leaves(), first.draft(), limit, kept))) {
                return first.waits();
            }
        }
        return steps.take(tx -> {
            if (store.isShared()) {
                Approvals.takeTurn(tx, request.client());
            }
            boolean free = approvals.isFree(tx, sought);
            var joined = free ? Optional.<Outcome>empty() : join(tx, sought);
            if (joined.isPresent()) {
                return joined(tx, request, joined.get(), code);
            }
            var now = free || use.isPresent() ? judged : counting.again(tx, judged, true);
            // People's no stands for a while against what they agreed to before, too.
            if (several && (free || !approvals.denied(tx, sought))) {
                var given = further.give(tx, now, review, sought.joinKey());
                if (given.isPresent()) {
                    return given.get();
                }
            }
            var against = against(tx, now, sought, review, free, undecidable);
            if (against.isPresent()) {
                return steps.refuse(tx, now, against.get());
            }
            var asked = now.equals(judged) ? first : asked(now, review, sought, briefing, it -> ledger.seal(tx, it));
            ledger.appendAll(tx, asked.leaves());
            approvals.insert(tx, asked.draft());
            if (use.isPresent()) {
                use.get().asked(tx, request.id());
            }
            Failpoint.pass("ask.written");
            tx.afterCommit(() -> standing.opened(request.id(), request.client()));
            return deferred(tx, request, asked.waits(), code);
        });
    }

    /// Each rule's part in the verdict, in words, and why sources gave less than they were asked for.
    private static List<String> told(Judged judged) {
        var rules = judged.trace().stream().map(RuleTrace::toString);
        boolean silent =
                judged.trace().stream().flatMap(it -> it.unknown().stream()).anyMatch(SourceFacts::is);
        return silent
                ? Stream.concat(
                                rules,
                                Facts.fromJson(judged.facts()).silent().entrySet().stream()
                                        .map(it -> it.getKey() + " " + it.getValue()))
                        .toList()
                : rules.toList();
    }

    /// What stands against asking people.
    ///
    /// @param free whether [Approvals#isFree] said so
    /// @param undecidable why nobody could decide it; empty when somebody could
    private Optional<Because> against(
            Tx tx, Judged judged, Sought sought, Verdict.Review review, boolean free, Optional<Because> undecidable)
            throws SQLException {
        var request = judged.request();
        if (!free && freezes.stops(tx, request.client(), request.resource())) {
            return Optional.of(Because.FROZEN);
        }
        var missing = missing(request, review);
        if (missing.isPresent()) {
            return missing;
        }
        if (isTooEarly(request, review)) {
            return Optional.of(Because.TOO_EARLY);
        }
        if (!free && approvals.denied(tx, sought)) {
            return Optional.of(Because.AGAIN_AFTER);
        }
        // What its client takes back has troubled people all the same: else it could cancel and ask again for ever.
        if (approvals.pending(tx, sought) >= judged.limits().pendingPerClient()) {
            return Optional.of(Because.TOO_MANY_PENDING);
        }
        return undecidable;
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
        return switch (steps.expireIfLate(tx, row.get()).approval()) {
            case Approval.Pending it -> Optional.of(Outcome.Wait.of(it));
            case Approval.Approved it ->
                Optional.of(it.question().request().waits(tx.now()) ? Outcome.Wait.of(it) : new Outcome.Ready(it.id()));
            case Approval.Redeemed it -> redemption.again(tx, it.id());
            case Approval.Denied _, Approval.Expired _, Approval.Cancelled _, Approval.Revoked _ -> Optional.empty();
        };
    }

    private static boolean isTooEarly(AccessRequest request, Verdict.Review review) {
        return request.begins().isAfter(request.madeAt().plus(review.ahead().orElse(Duration.ZERO)));
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
}

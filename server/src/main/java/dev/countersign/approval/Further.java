package dev.countersign.approval;

import dev.countersign.ledger.Ledger;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Verdict;
import dev.countersign.store.Failpoint;
import dev.countersign.store.Ids;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// One more token of an approval that gives several, for the same request made again. It is judged like any other: what
/// policy denies by now, or puts before more people than agreed, the approval does not cover.
final class Further {
    private final Ledger ledger;
    private final Approvals approvals;
    private final Freezes freezes;
    private final Uses uses;
    private final Counting counting;

    Further(Ledger ledger, Approvals approvals, Freezes freezes, Uses uses, Counting counting) {
        this.ledger = ledger;
        this.approvals = approvals;
        this.freezes = freezes;
        this.uses = uses;
        this.counting = counting;
    }

    /// Empty when no approval covers it: then people are asked.
    Optional<Outcome> give(Tx tx, Judged judged, Verdict.Review review, String joinKey) throws SQLException {
        var request = judged.request();
        Freezes.takePassage(tx);
        if (freezes.stops(tx, request.client(), request.resource())) {
            return Optional.empty();
        }
        for (var open : uses.hold(tx, joinKey, tx.now())) {
            if (open.used() < review.uses()
                    && approvals.find(tx, open.id()).orElseThrow().approval() instanceof Approval.Redeemed agreed
                    && covers(agreed.question(), request, review)) {
                return give(tx, judged, open, agreed);
            }
        }
        return Optional.empty();
    }

    /// Whether it was agreed to at least as it would have to be now. What was agreed to for one ticket would outlive it
    /// by another that is open.
    private static boolean covers(Question agreed, AccessRequest request, Verdict.Review review) {
        var verdict = agreed.verdict();
        return agreed.request().ticket().equals(request.ticket())
                && (verdict.signed() || !review.signed())
                && (review.substitutes() || !verdict.substitutes())
                && covers(verdict.stages(), review.stages());
    }

    private static boolean covers(List<Stage> agreed, List<Stage> wanted) {
        return wanted.stream().allMatch(it -> agreed.stream().anyMatch(had -> had.covers(it)));
    }

    private Optional<Outcome> give(Tx tx, Judged judged, Uses.Open open, Approval.Redeemed agreed) throws SQLException {
        var request = judged.request();
        var now = tx.now();
        var issued = now.truncatedTo(ChronoUnit.SECONDS);
        var granted = agreed.token().granted().within(Optional.of(judged.ask().lifetime()));
        var minted = granted.ofOne(issued, agreed.until());
        var expires = issued.plus(minted.lifetime());
        var tokenId = Ids.next();
        var leaf = ledger.append(
                tx, Entries.further(judged, agreed.id(), open.used() + 1, minted, tokenId, issued, expires, now));
        var token = new MintedToken(tokenId, minted, issued, expires, leaf.hash());
        if (!uses.use(tx, open, request.id(), token)) {
            throw new Overtaken();
        }
        counting.given(tx, request, minted, judged.counted());
        Failpoint.pass("further.written");
        return Optional.of(new Outcome.Go(Permit.byPeople(request, token, agreed)));
    }
}

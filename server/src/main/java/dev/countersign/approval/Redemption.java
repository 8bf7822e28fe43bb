package dev.countersign.approval;

import dev.countersign.issued.Revocations;
import dev.countersign.ledger.Ledger;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.policy.Heard;
import dev.countersign.store.Failpoint;
import dev.countersign.store.Ids;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// From an approval to its one token, and the same token again for who lost the answer: the permits that people's
/// approvals give are made here.
final class Redemption {
    private final Ledger ledger;
    private final Approvals approvals;
    private final Freezes freezes;
    private final Revocations revocations;
    private final Uses uses;
    private final Judge judge;
    private final Steps steps;
    private final Counting counting;
    private final Signatures signatures;

    Redemption(
            Ledger ledger,
            Approvals approvals,
            Freezes freezes,
            Revocations revocations,
            Uses uses,
            Judge judge,
            Counting counting,
            Signatures signatures,
            Steps steps) {
        this.signatures = signatures;
        this.counting = counting;
        this.ledger = ledger;
        this.approvals = approvals;
        this.freezes = freezes;
        this.revocations = revocations;
        this.uses = uses;
        this.judge = judge;
        this.steps = steps;
    }

    /// Redeems an approved request: policy, registration, freeze and time are asked again, the state and the mint entry
    /// become durable, and then there is a permit. Empty when it is not approved any more.
    ///
    /// @param heard what sources say now, since nobody asks them in here
    Optional<Outcome> redeem(String id, Optional<Use> use, Heard heard) {
        return steps.take(tx -> {
            var row = steps.expireIfLate(tx, approvals.hold(tx, id).orElseThrow());
            if (!(row.approval() instanceof Approval.Approved approved)) {
                return Optional.empty();
            }
            var request = approved.question().request();
            if (request.waits(tx.now())) {
                return Optional.of(Outcome.Wait.of(approved));
            }
            Freezes.takePassage(tx);
            if (freezes.stops(tx, request.client(), request.resource())) {
                return Optional.of(lapse(tx, row, approved, "frozen"));
            }
            var unsigned = signatures.against(tx, approved);
            if (unsigned.isPresent()) {
                return Optional.of(lapse(tx, row, approved, "signatures: " + unsigned.get()));
            }
            var stands = Use.against(tx, use, approved.granted());
            if (stands.isPresent()) {
                return Optional.of(lapse(tx, row, approved, stands.get()));
            }
            // It was among what others are counted with, and stays so: it needs no turn. What is used here and now is
            // no token.
            var counted = use.isPresent()
                    ? Optional.<Counted>empty()
                    : Optional.of(counting.in(tx, request, approved.granted().details()));
            return Optional.of(
                    switch (judge.again(approved, tx.now(), counted, heard)) {
                        case Judge.Again.No(var because) -> lapse(tx, row, approved, because);
                        case Judge.Again.NotNow() -> silent(id);
                        case Judge.Again.Yes(var granted) -> {
                            if (counted.isPresent()) {
                                counting.given(tx, request, granted, counted.get());
                            }
                            yield mint(tx, row, approved, granted, use);
                        }
                    });
        });
    }

    private Outcome mint(Tx tx, Approvals.Row row, Approval.Approved approved, Allowance granted, Optional<Use> use)
            throws SQLException {
        var now = tx.now();
        var issued = now.truncatedTo(ChronoUnit.SECONDS);
        var minted = granted.ofOne(issued, approved.until());
        var expires = issued.plus(minted.lifetime());
        var tokenId = Ids.next();
        var entry = ledger.append(tx, Entries.minted(approved, minted, tokenId, issued, expires, now, row.lastLeaf()))
                .hash();
        var token = new MintedToken(tokenId, minted, issued, expires, entry);
        Failpoint.pass("redeem.minting");
        approvals.mint(tx, approved.id(), token);
        if (granted.uses() > 1) {
            var request = approved.question().request();
            uses.begin(tx, approved.id(), request.joinKey(request.snapshot()), granted.uses(), approved.collectBy());
        }
        var redeemed = approved.redeem(token);
        var permit = permit(redeemed);
        steps.move(tx, row, redeemed, use.isPresent() ? use.get().used(tx, permit) : entry);
        Failpoint.pass("redeem.written");
        return new Outcome.Go(permit);
    }

    /// People's approval stays: whoever collects comes again, and it ends in its time.
    private static Outcome silent(String id) {
        return new Outcome.No(
                ErrorCode.TEMPORARILY_UNAVAILABLE,
                "policy asks others about this and they do not answer, try again shortly; reference " + id);
    }

    /// An approval that does not hold any more ends here; waiting would only hide it.
    private Outcome lapse(Tx tx, Approvals.Row row, Approval.Approved approved, String because) throws SQLException {
        var now = tx.now();
        var ended = new Approval.Revoked(approved.question(), approved.heard(), because, now, Optional.empty());
        steps.move(
                tx,
                row,
                ended,
                ledger.append(tx, Entries.revoked(ended, Entries.POLICY, row.lastLeaf()))
                        .hash());
        return new Outcome.No(ErrorCode.ACCESS_DENIED, "the approval no longer holds; reference " + approved.id());
    }

    /// The same token for those that waited together, and for a retry whose answer was lost.
    Outcome again(String id) {
        return steps.take(tx -> again(tx, id).orElseGet(() -> Outcome.No.notApproved(id)));
    }

    Optional<Outcome> again(Tx tx, String id) throws SQLException {
        var row = approvals.hold(tx, id).orElseThrow();
        return row.approval() instanceof Approval.Redeemed redeemed ? redeliver(tx, row, redeemed) : Optional.empty();
    }

    private Optional<Outcome> redeliver(Tx tx, Approvals.Row row, Approval.Redeemed redeemed) throws SQLException {
        var now = tx.now();
        var request = redeemed.question().request();
        var token = redeemed.token();
        Freezes.takePassage(tx);
        if (now.isAfter(token.at().plus(Gate.REDELIVERY).plusSeconds(1))
                || !now.isBefore(token.expiresAt())
                || freezes.stops(tx, request.client(), request.resource())
                || revocations.contains(tx, token.id())
                || !approvals.redeliver(tx, redeemed.id(), Gate.REDELIVERIES)) {
            return Optional.empty();
        }
        steps.move(
                tx,
                row,
                redeemed,
                ledger.append(tx, Entries.redelivered(redeemed, now, row.lastLeaf()))
                        .hash());
        return Optional.of(new Outcome.Go(permit(redeemed)));
    }

    private static Permit permit(Approval.Redeemed redeemed) {
        return Permit.byPeople(redeemed.question().request(), redeemed.token(), redeemed);
    }
}

package dev.countersign.doctor;

import dev.countersign.approval.Allowance;
import dev.countersign.approval.Approval;
import dev.countersign.ledger.Code;

/// That what a row shows to people and grants is what its entries say; that those only narrow, they say themselves.
final class TermsKept implements Check {
    @Override
    public Invariant of() {
        return Invariant.TERMS;
    }

    @Override
    public void life(Life life, Faults found) {
        life.kept().ifPresent(kept -> {
            found.looked();
            var approval = kept.approval();
            compare(life, approval, Code.REQUEST_MADE, approval.question().ask(), "asked", found);
            switch (approval) {
                case Approval.Approved it -> compare(life, it, Code.REQUEST_DECIDED, it.granted(), "approved", found);
                case Approval.Redeemed it ->
                    compare(life, it, Code.TOKEN_MINTED, it.token().granted(), "granted", found);
                case Approval.Revoked it ->
                    it.token()
                            .ifPresent(
                                    token -> compare(life, it, Code.TOKEN_MINTED, token.granted(), "granted", found));
                case Approval.Pending _, Approval.Denied _, Approval.Expired _, Approval.Cancelled _ -> {
                    // grants nothing
                }
            }
        });
    }

    private static void compare(
            Life life, Approval approval, Code code, Allowance allowance, String what, Faults found) {
        var terms = approval.question().request().terms(allowance).digest();
        life.last(code)
                .ifPresent(entry -> found.unless(
                        entry.terms().filter(terms::equals).isPresent(),
                        life.where(),
                        "what is " + what + " by its row is not what " + code.wire() + " says"));
    }
}

package dev.countersign.doctor;

import dev.countersign.approval.Approval;

/// That the rows of a token end with its approval; that its entries do, they say themselves.
final class WithinApproval implements Check {
    @Override
    public Invariant of() {
        return Invariant.LIFETIME;
    }

    @Override
    public void life(Life life, Faults found) {
        life.kept().ifPresent(kept -> {
            if (kept.approval() instanceof Approval.Redeemed redeemed) {
                found.looked();
                found.unless(
                        !redeemed.token().expiresAt().isAfter(redeemed.until()),
                        life.where(),
                        "its token ends at " + redeemed.token().expiresAt() + ", its approval at " + redeemed.until());
            }
        });
    }
}

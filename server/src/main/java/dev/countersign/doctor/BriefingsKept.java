package dev.countersign.doctor;

import dev.countersign.approval.Briefed;

/// That what reviewers are shown of a publication is what its entries have the digest of.
final class BriefingsKept implements Check {
    private final Rows rows;

    BriefingsKept(Rows rows) {
        this.rows = rows;
    }

    @Override
    public Invariant of() {
        return Invariant.TERMS;
    }

    @Override
    public void life(Life life, Faults found) {
        found.unless(
                Briefed.holds(life.entries(), rows.shown(life.request())),
                life.where(),
                "what is shown of its publication is not what request.judged has the digest of");
    }
}

package dev.countersign.doctor;

import dev.countersign.ledger.Code;

/// That a token came again as often as is counted; that there is one alone, its entries say.
final class UsedOnce implements Check {
    @Override
    public Invariant of() {
        return Invariant.USES;
    }

    @Override
    public void life(Life life, Faults found) {
        life.kept().flatMap(Life.Kept::mint).ifPresent(mint -> {
            found.looked();
            long again = life.entries().stream()
                    .filter(it -> it.code() == Code.TOKEN_REDELIVERED)
                    .count();
            found.unless(
                    again == mint.redelivered(),
                    life.where(),
                    "its token came again " + again + " times by the ledger and " + mint.redelivered()
                            + " times by its row");
        });
    }
}

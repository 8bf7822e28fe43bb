package dev.countersign.doctor;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.WholeLedger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/// That a freeze stops what it names, and a token that was taken back is dead; that no mint follows a revocation, the
/// entries of its request say.
final class EndsHold implements Check {
    /// Where several nodes write, a mint that began before a freeze was committed may have the later entry.
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(10);

    private final Rows rows;
    private final Duration onItsWay;
    private final Instant now;

    /// Since when each stands.
    private final Map<String, Instant> frozen = new HashMap<>();

    EndsHold(Rows rows, boolean shared, Instant now) {
        this.rows = rows;
        this.onItsWay = shared ? ON_ITS_WAY : Duration.ZERO;
        this.now = now;
    }

    @Override
    public Invariant of() {
        return Invariant.END;
    }

    @Override
    public void entry(EntryView entry, Faults found) {
        switch (entry.code()) {
            case FREEZE_SET -> frozen.put(target(entry), entry.at());
            case FREEZE_LIFTED -> frozen.remove(target(entry));
            case TOKEN_MINTED -> {
                found.looked();
                minted(entry, found);
            }
            default -> {
                // stays as it is
            }
        }
    }

    private static String target(EntryView entry) {
        return entry.text("kind") + " " + entry.text("target");
    }

    private void minted(EntryView entry, Faults found) {
        if (frozen.isEmpty()) {
            return;
        }
        for (var stop :
                new String[] {"all *", "client " + entry.text(Member.CLIENT), "resource " + entry.text(Member.RESOURCE)
                }) {
            var since = frozen.get(stop);
            if (since != null && (onItsWay.isZero() || entry.at().isAfter(since.plus(onItsWay)))) {
                found.add(
                        "request " + entry.request().orElse("") + ", " + WholeLedger.name(entry),
                        "a token was minted while " + stop + " was frozen");
            }
        }
    }

    @Override
    public void life(Life life, Faults found) throws SQLException {
        var ended = life.last(Code.REQUEST_ENDED).map(it -> it.text(Member.JTI)).orElse("");
        var minted =
                life.last(Code.TOKEN_MINTED).map(it -> it.number(Member.EXP)).orElse(0L);
        if (!ended.isEmpty() && now.isBefore(Instant.ofEpochSecond(minted))) {
            found.unless(
                    rows.isRevoked(ended),
                    life.where(),
                    "its token " + ended + " was taken back and is not among those that are revoked");
        }
        var uses = life.kept().flatMap(Life.Kept::uses);
        if (!ended.isEmpty() && uses.isPresent()) {
            found.unless(uses.get().ended(), life.where(), "it was taken back, and may give more tokens");
            for (var given : uses.get().given()) {
                found.unless(
                        !now.isBefore(given.expiresAt()) || rows.isRevoked(given.tokenId()),
                        life.where(),
                        "its token " + given.tokenId() + " was taken back with it and is not among those that are"
                                + " revoked");
            }
        }
    }

    @Override
    public void end(Faults found) throws SQLException {
        var told = new TreeSet<>(frozen.keySet());
        var kept = new TreeSet<>(rows.frozen());
        found.unless(told.equals(kept), "frozen " + kept, "by the ledger there is frozen " + told);
    }
}

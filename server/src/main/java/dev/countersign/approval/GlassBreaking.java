package dev.countersign.approval;

import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Leaf;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.policy.BreakGlass;
import dev.countersign.store.Failpoint;
import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What breaks the glass goes through here: a token before people have looked, and a debt.
final class GlassBreaking {
    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Freezes freezes;
    private final Eligibility eligibility;
    private final Counting counting;
    private final Steps steps;
    private final InstantSource clock;
    private final GlassUses glassUses = new GlassUses();

    GlassBreaking(
            Store store,
            Ledger ledger,
            Approvals approvals,
            Freezes freezes,
            Eligibility eligibility,
            Counting counting,
            Steps steps,
            InstantSource clock) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
        this.freezes = freezes;
        this.eligibility = eligibility;
        this.counting = counting;
        this.steps = steps;
        this.clock = clock;
    }

    /// What gives out a token before people have looked, and says who has to.
    private record Broken(List<Leaf> leaves, GlassUse use, Permit permit) {}

    private static Broken broken(Judged judged, BreakGlass glass, Instant now, Function<Entry, Leaf> seal) {
        var issued = now.truncatedTo(ChronoUnit.SECONDS);
        var tokenId = Ids.next();
        var until = issued.plus(judged.ask().lifetime());
        var minted = seal.apply(Entries.passed(judged, judged.ask(), Optional.empty(), tokenId, issued, until, now));
        var use = GlassUse.of(judged, glass, now);
        var used = seal.apply(GlassEntries.used(use, glass.limits(), minted.hash()));
        var token = new MintedToken(tokenId, judged.ask(), issued, until, minted.hash());
        return new Broken(
                List.of(minted, used),
                use,
                new Permit(
                        judged.request(),
                        token,
                        new Permit.Approved(judged.request().id(), until, minted.hash(), Member.BY_BREAK_GLASS)));
    }

    /// The client breaks the glass: a token goes out before people have looked, as often as the rules allow, and not
    /// while they owe a look at an earlier one. The same request that waits goes on waiting.
    Outcome breakGlass(Judged judged, BreakGlass glass) {
        var request = judged.request();
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var first = broken(judged, glass, now, ledger::seal);
        boolean decidable = eligibility.decidable(glass.stages(), judged.ownedBy(), request.subject(), now);
        var sought = Sought.of(judged);
        return steps.take(tx -> {
            if (store.isShared()) {
                Approvals.takeTurn(tx, request.client());
            }
            Freezes.takePassage(tx);
            if (freezes.stops(tx, request.client(), request.resource())) {
                return steps.refuse(tx, judged, Because.FROZEN);
            }
            if (request.waits(now)) {
                return steps.refuse(tx, judged, Because.TOO_EARLY);
            }
            if (request.reason().isBlank()) {
                return steps.refuse(tx, judged, Because.BREAK_GLASS_NO_REASON);
            }
            if (approvals.deniedByPeople(tx, sought)) {
                return steps.refuse(tx, judged, Because.AGAIN_AFTER);
            }
            if (!decidable) {
                return steps.refuse(tx, judged, Because.NO_REVIEWER);
            }
            var against = glassUses.against(tx, request.client(), glass.limits(), now);
            if (against.isPresent()) {
                return refuse(tx, judged, against.get());
            }
            var again = counting.again(tx, judged, true);
            var broken = again.equals(judged) ? first : broken(again, glass, now, it -> ledger.seal(tx, it));
            counting.given(tx, again);
            ledger.appendAll(tx, broken.leaves());
            glassUses.insert(tx, broken.use(), broken.leaves().getLast().hash());
            Failpoint.pass("pass.written");
            return new Outcome.Go(broken.permit());
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
}

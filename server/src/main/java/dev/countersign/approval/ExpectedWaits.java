package dev.countersign.approval;

import dev.countersign.oauth.Risk;
import dev.countersign.policy.Stage;
import dev.countersign.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What is read from the past of how long people take. However long the past is, a part of it is looked through, and
/// what was found is told for a minute to all who wait for the same.
final class ExpectedWaits {
    private static final Duration NEWS = Duration.ofDays(30);
    private static final Duration KEPT = Duration.ofMinutes(1);

    /// How many rows of each state are looked through, and how many of those are read that may be like it.
    private static final int LOOKED = 500;

    private static final int READ = 200;

    /// How much is kept before all of it is let go.
    private static final int MOST = 1_000;

    private static final List<String> OVER = List.of("approved", "denied", "redeemed", "revoked", "expired");

    private final Store store;
    private final Approvals approvals;
    private final Map<Like, Kept> kept = new ConcurrentHashMap<>();

    ExpectedWaits(Store store, Approvals approvals) {
        this.store = store;
        this.approvals = approvals;
    }

    /// What makes requests take as long.
    record Like(List<String> rules, String resource, Risk risk) {
        static Like of(Question question) {
            return new Like(question.verdict().rules(), question.request().resource(), question.risk());
        }

        private boolean is(Question question) {
            return of(question).equals(this);
        }
    }

    private record Kept(Instant until, Optional<ExpectedWait> usual) {}

    /// How long requests like this one take.
    Optional<ExpectedWait> of(Question question) {
        return of(Like.of(question));
    }

    /// How long such a request takes; empty when there were too few to say. Not from inside a transaction.
    Optional<ExpectedWait> of(Like like) {
        var now = store.look(tx -> tx.now());
        var known = kept.get(like);
        if (known != null && now.isBefore(known.until())) {
            return known.usual();
        }
        if (kept.size() >= MOST) {
            kept.clear();
        }
        var usual = usual(past(like, now));
        kept.put(like, new Kept(now.plus(KEPT), usual));
        return usual;
    }

    private List<Approval> past(Like like, Instant now) {
        var filter = new Approvals.Filter(
                OVER,
                "",
                Optional.of(like.risk().level),
                "",
                "",
                new Approvals.Besides(like.resource(), like.rules().getFirst(), "", ""));
        return store.read(tx -> {
            var looked = filter.downTo(approvals.floor(tx, filter, LOOKED));
            return approvals.list(tx, looked, READ).stream()
                    .map(Approvals.Row::approval)
                    .filter(it -> like.is(it.question()))
                    .filter(it -> it.question().request().madeAt().isAfter(now.minus(NEWS)))
                    .toList();
        });
    }

    private static Optional<ExpectedWait> usual(List<Approval> past) {
        var took = new ArrayList<Duration>();
        int undecided = 0;
        for (var approval : past) {
            if (isDecided(approval)) {
                took.add(Duration.between(
                        approval.question().request().madeAt(),
                        approval.heard().getLast().at()));
            } else {
                undecided++;
            }
        }
        return ExpectedWait.of(took, undecided);
    }

    /// What ran out has not said when: with as many votes as it took, it had been approved and nobody collected it.
    private static boolean isDecided(Approval approval) {
        return !approval.heard().isEmpty()
                && (!(approval instanceof Approval.Expired)
                        || approval.heard().size()
                                >= approval.question().verdict().stages().stream()
                                        .mapToInt(Stage::votes)
                                        .sum());
    }
}

package dev.countersign.approval;

import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.DetailsType;
import dev.countersign.policy.Amounts;
import dev.countersign.policy.Policy;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what clients are given in a day, while a rule asks for it.
///
/// It says itself in the store that it counts, and whoever gives out a token looks there after it took a way
/// past the switch. It is said by who holds all of those ways. So from then on every token is counted, whatever
/// configuration the node that gives it out has in force.
public final class Counting {
    private static final Logger log = LoggerFactory.getLogger(Counting.class);

    /// How often it is said again that somebody wants to know.
    private static final Duration SAID_AGAIN = Duration.ofHours(1);

    /// For how long tokens are counted after nobody wants to know any more: a rule that is taken out for a
    /// moment does not begin anew.
    private static final Duration UNWANTED = PastDays.DAY;

    private final Store store;
    private final Supplier<InForce> inForce;
    private final PastDays pastDays = new PastDays();
    private volatile boolean on;
    private volatile @Nullable Policy candidate;

    /// Counts nothing until [#keep] finds that somebody wants to know.
    public Counting(Store store, Supplier<InForce> inForce) {
        this.store = store;
        this.inForce = inForce;
    }

    /// Counts for a policy that is not in force, too.
    public void alsoFor(Policy it) {
        candidate = it;
    }

    /// Learns whether tokens are counted already.
    public void learn() {
        on = store.read(pastDays::kept).isPresent();
    }

    /// Begins to count, goes on or ends, as rules want it. To be done again and again.
    public void keep() {
        var kept = store.read(pastDays::kept);
        var now = store.read(Tx::now);
        if (isWanted()) {
            if (kept.isEmpty() || kept.get().wantedAt().isBefore(now.minus(SAID_AGAIN))) {
                store.write(tx -> {
                    // Also to go on: whoever ends it may be doing so.
                    Freezes.closePassages(tx);
                    pastDays.want(tx);
                    return true;
                });
            }
            if (kept.isEmpty()) {
                log.warn(
                        "a rule speaks of past_day: tokens are counted from now on, and what was given is unknown"
                                + " until {}; a rule that denies or reviews by it applies meanwhile",
                        now.plus(PastDays.DAY).plus(PastDays.SLOT));
            }
            on = true;
        } else {
            var over = kept.filter(it -> it.wantedAt().isBefore(now.minus(UNWANTED)));
            over.ifPresent(_ -> store.write(tx -> {
                pastDays.letGo(tx, tx.now().minus(UNWANTED));
                return true;
            }));
            on = kept.isPresent() && over.isEmpty();
        }
    }

    private boolean isWanted() {
        var also = candidate;
        return inForce.get().policy().speaksOfPastDay() || (also != null && also.speaksOfPastDay());
    }

    /// Forgets what is older than a day. True when there is more.
    public boolean prune(Tx tx) {
        return pastDays.prune(tx);
    }

    /// Begins anew in a store that was put back: what was given after it was kept aside, nobody counted.
    public void startOver() {
        store.write(tx -> {
            pastDays.letGo(tx, tx.now().plus(Duration.ofDays(36_500)));
            return true;
        });
    }

    /// Whether tokens are counted, as far as this node knows.
    boolean isOn() {
        return on;
    }

    /// What a request that was just made is judged by first.
    Counted look(AccessRequest request) {
        return on ? store.look(tx -> in(tx, request, request.details())) : new Counted.Not();
    }

    /// What it is, with what the request asks or people have left of it.
    Counted in(Tx tx, AccessRequest request, AuthorizationDetails details) throws SQLException {
        var types = types(request);
        var found = pastDays.find(tx, request.client(), request.resource(), request.id(), types);
        if (found.since().isEmpty()) {
            return new Counted.Not();
        }
        // Clocks of nodes may differ by a slot.
        return found.since().get().isAfter(tx.now().minus(PastDays.DAY).minus(PastDays.SLOT))
                ? new Counted.Partly()
                : new Counted.Known(found.tokens() + 1, found.amounts().plus(Amounts.of(details, types)));
    }

    /// Lets the requests of one client be counted one after the other, where several nodes write and as far as
    /// this one knows that they are. True when they are.
    boolean takeTurn(Tx tx, String client) throws SQLException {
        if (!store.isShared()) {
            return true;
        }
        boolean counts = on;
        if (counts) {
            Approvals.takeTurn(tx, client);
        }
        return counts;
    }

    /// The request by what is counted now: the count stands until the transaction ends.
    ///
    /// @param hasTurn whether it is this client's turn
    /// @throws Moved when policy says something else by that
    /// @throws Overtaken when tokens are counted and it is not the client's turn
    Judged again(Tx tx, Judged judged, boolean hasTurn) throws SQLException {
        var now = in(tx, judged.request(), judged.request().details());
        if (!hasTurn && !(now instanceof Counted.Not)) {
            on = true;
            throw new Overtaken();
        }
        if (now.equals(judged.counted())) {
            return judged;
        }
        var again = Judge.by(judged, now);
        if (!again.verdict().equals(judged.verdict())) {
            throw new Moved(again);
        }
        return again;
    }

    /// Counts the token of a request that passes at once, where they are counted.
    void given(Tx tx, Judged judged) throws SQLException {
        given(tx, judged.request(), judged.granted(), judged.counted());
    }

    /// Counts a token, where they are counted.
    void given(Tx tx, AccessRequest request, Allowance granted, Counted counted) throws SQLException {
        switch (counted) {
            case Counted.Not _ -> {}
            case Counted.Partly _, Counted.Known _ ->
                pastDays.add(tx, request.client(), request.resource(), Amounts.of(granted.details(), types(request)));
        }
    }

    private Map<String, DetailsType> types(AccessRequest request) {
        var resource = inForce.get().resources().get(request.resource());
        return resource == null ? Map.of() : resource.details();
    }
}

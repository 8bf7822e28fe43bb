package dev.countersign.approval;

import dev.countersign.ledger.Ledger;
import dev.countersign.passkey.Assertion;
import dev.countersign.people.Group;
import dev.countersign.people.Memberships;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Quorum;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What people do about broken glass: they look at it afterwards, each once, and never at their own.
///
/// Where votes would have to be signed, so is what they say.
///
/// Until they have, and its time is over, the rule lets that client through no more. Nor does it when one of them
/// objects, until an administrator lifts that. Neither touches the token, which is over by then, nor anything else the
/// client may have: for that are freezes.
public final class Afterwards {
    private static final int MOST = 1_000;

    private final Store store;
    private final Ledger ledger;
    private final Eligibility eligibility;
    private final Supplier<InForce> inForce;
    private final Signatures signatures;
    private final GlassUses uses = new GlassUses();

    public Afterwards(
            Store store, Ledger ledger, Eligibility eligibility, Supplier<InForce> inForce, Signatures signatures) {
        this.store = store;
        this.ledger = ledger;
        this.eligibility = eligibility;
        this.inForce = inForce;
        this.signatures = signatures;
    }

    /// What became of a word.
    public sealed interface Result {
        /// It counts, and this is how it stands now.
        record Counted(Shown now) implements Result {}

        /// There is no such use.
        record Unknown() implements Result {}

        /// People have looked already; or, for a lift, nobody objected.
        record Over(GlassUse.State state) implements Result {}

        /// This person has said what they think.
        record AlreadySaid() implements Result {}

        /// This person may not; why, for them to read.
        record NotEligible(String because) implements Result {}

        /// It has to be signed, and is not.
        ///
        /// @param page where it can be
        record Unsigned(String page) implements Result {}

        /// What was signed is not how things stand now: somebody looked meanwhile, or it took too long.
        record Stale() implements Result {}

        /// Its signature does not hold; why, for the person to read.
        record NotSigned(String because) implements Result {}
    }

    /// What a person says of it, as it is handed in.
    ///
    /// @param comment empty when there is none
    /// @param signature their passkey's over what was shown; empty when it is not signed
    public record Look(PersonId person, GlassUse.Word word, String comment, Optional<Assertion> signature) {}

    /// A use as a person sees it.
    ///
    /// @param said what people have said of it, the first first
    /// @param maySay whether this person's word would count now
    /// @param overdue whether its time is over and people have still to look
    public record Shown(
            GlassUse use,
            GlassUse.State state,
            List<GlassUse.Said> said,
            List<Seen.Place> places,
            boolean maySay,
            boolean overdue) {}

    /// What people owe.
    ///
    /// @param overdue uses at which people should have looked by now, and have not
    /// @param locked clients that a rule lets through no more, until people have looked or an administrator lifts
    ///     an objection: each once for each such rule
    public record Owed(long overdue, long locked) {
        public static final Owed NOTHING = new Owed(0, 0);
    }

    /// What people owe now.
    public Owed owed() {
        return store.read(uses::owed);
    }

    /// One of them, whoever looks.
    public Optional<GlassUse> find(String request) {
        return store.look(tx -> uses.find(tx, request)).map(GlassUses.Row::use);
    }

    /// Who is told that the glass was broken, as far as this node has heard: those who look at it, and administrators.
    public Set<PersonId> told(GlassUse use) {
        var groups = new HashSet<>(Set.of(Group.ADMINISTRATORS));
        use.stages().forEach(it -> groups.add(it.group()));
        return eligibility.there(groups, use.at());
    }

    /// One of them.
    public Optional<Shown> see(String request, PersonId person) {
        return store.read(tx -> {
            var row = uses.find(tx, request);
            return row.isPresent() ? Optional.of(shown(tx, eligibility.in(tx), row.get(), person)) : Optional.empty();
        });
    }

    /// Those in any of these states, the newest first.
    public List<Shown> list(List<GlassUse.State> states, String after, int limit, PersonId person) {
        return store.read(tx -> {
            var people = eligibility.in(tx);
            var shown = new ArrayList<Shown>();
            for (var row : uses.list(tx, states, after, limit)) {
                shown.add(shown(tx, people, row, person));
            }
            return List.copyOf(shown);
        });
    }

    /// The last thousand of any client since a time, the newest first.
    public List<GlassUse> since(Instant from) {
        return store.read(tx -> uses.since(tx, from, MOST));
    }

    private Shown shown(Tx tx, Memberships.View people, GlassUses.Row row, PersonId person) throws SQLException {
        var use = row.use();
        var now = tx.now();
        var said = uses.said(tx, use.request());
        boolean due = row.state() == GlassUse.State.DUE;
        return new Shown(
                use,
                row.state(),
                said,
                Seen.Place.of(use.stages(), use.at(), counting(people, use, said, now)),
                due
                        && said.stream().noneMatch(it -> it.person().equals(person))
                        && !seats(people, use, person, now, now).isEmpty(),
                due && !now.isBefore(use.reviewBy()));
    }

    /// Shows a person what they are about to say of it, to be signed.
    public Signatures.Offer offer(String request, Look look) {
        return store.writeGuarded(tx -> {
            var found = uses.find(tx, request);
            if (found.isEmpty()) {
                return new Signatures.Offer.Unknown();
            }
            return found.get().state() == GlassUse.State.DUE
                    ? signatures.offer(tx, found.get(), look)
                    : new Signatures.Offer.Over(found.get().state());
        });
    }

    /// Hears what a person says of it. One objection ends it; enough approvals approve it, be it late.
    public Result say(String request, Look look) {
        return store.writeGuarded(tx -> {
            var found = hold(tx, request);
            if (found.isEmpty()) {
                return new Result.Unknown();
            }
            var row = found.get();
            var person = look.person();
            if (row.state() != GlassUse.State.DUE) {
                return new Result.Over(row.state());
            }
            var earlier = uses.said(tx, request);
            if (earlier.stream().anyMatch(it -> it.person().equals(person))) {
                return new Result.AlreadySaid();
            }
            var people = eligibility.in(tx);
            var now = tx.now();
            var seats = seats(people, row.use(), person, now, now);
            if (seats.isEmpty()) {
                return new Result.NotEligible(whyNot(people, row.use(), person, now));
            }
            return switch (signatures.on(tx, row, look)) {
                case Signatures.Found.None() ->
                    row.use().signed()
                            ? new Result.Unsigned(signatures.lookPage(request))
                            : count(tx, row, earlier, look, Optional.empty(), people, seats);
                case Signatures.Found.Good(var signed) ->
                    count(tx, row, earlier, look, Optional.of(signed), people, seats);
                case Signatures.Found.Stale() -> new Result.Stale();
                case Signatures.Found.Bad(var why) -> new Result.NotSigned(why);
            };
        });
    }

    private Result count(
            Tx tx,
            GlassUses.Row row,
            List<GlassUse.Said> earlier,
            Look look,
            Optional<Signatures.Signed> signed,
            Memberships.View people,
            Seats seats)
            throws SQLException {
        var use = row.use();
        var now = tx.now();
        var said = new GlassUse.Said(look.person(), look.word(), look.comment(), now, signed.isPresent());
        var counting = counting(people, use, earlier, now);
        counting.put(look.person(), seats.groups());
        var state = switch (look.word()) {
            case OBJECT -> GlassUse.State.OBJECTED;
            case APPROVE -> Quorum.met(use.stages(), counting) ? GlassUse.State.APPROVED : GlassUse.State.DUE;
        };
        var outcome = state == GlassUse.State.DUE ? "" : state.word();
        var leaf =
                ledger.append(tx, GlassEntries.reviewed(use, said, signed, seats, outcome, counting, row.lastLeaf()));
        uses.say(tx, use.request(), said);
        uses.step(tx, use.request(), state, leaf.hash());
        return new Result.Counted(shown(tx, people, new GlassUses.Row(use, state, leaf.hash()), look.person()));
    }

    /// An administrator lets the rule let that client through again, though somebody objected.
    public Result lift(String request, PersonId person, String reason) {
        return store.writeGuarded(tx -> {
            var found = hold(tx, request);
            if (found.isEmpty()) {
                return new Result.Unknown();
            }
            var row = found.get();
            if (row.state() != GlassUse.State.OBJECTED) {
                return new Result.Over(row.state());
            }
            var now = tx.now();
            var people = eligibility.in(tx);
            if (isRequester(people, row.use(), person, now)) {
                return new Result.NotEligible(whyNot(people, row.use(), person, now));
            }
            var leaf = ledger.append(tx, GlassEntries.lifted(row.use(), person, reason, now, row.lastLeaf()));
            uses.step(tx, request, GlassUse.State.LIFTED, leaf.hash());
            return new Result.Counted(
                    shown(tx, people, new GlassUses.Row(row.use(), GlassUse.State.LIFTED, leaf.hash()), person));
        });
    }

    /// The next use of the same client is before it or after it, in the ledger as here.
    private Optional<GlassUses.Row> hold(Tx tx, String request) throws SQLException {
        var found = uses.find(tx, request);
        if (found.isPresent() && store.isShared()) {
            Approvals.takeTurn(tx, found.get().use().client());
        }
        return uses.hold(tx, request);
    }

    /// Who has approved and counts at `now`, with the groups they count for.
    private Map<PersonId, Set<String>> counting(
            Memberships.View people, GlassUse use, List<GlassUse.Said> said, Instant now) throws SQLException {
        var counting = new HashMap<PersonId, Set<String>>();
        for (var it : said) {
            if (it.word() == GlassUse.Word.APPROVE) {
                counting.put(
                        it.person(),
                        seats(people, use, it.person(), it.at(), now).groups());
            }
        }
        return counting;
    }

    /// For which stages what somebody says counts at `now`, or said at `cast`.
    private Seats seats(Memberships.View people, GlassUse use, PersonId person, Instant cast, Instant now)
            throws SQLException {
        return Eligibility.seats(people, use.stages(), use.subject(), use.at(), owners(use), person, cast, now);
    }

    private boolean isRequester(Memberships.View people, GlassUse use, PersonId person, Instant now)
            throws SQLException {
        return Eligibility.isRequester(people, use.subject(), owners(use), person, use.at(), now);
    }

    private Set<String> owners(GlassUse use) {
        return inForce.get().owners(use.client(), use.ownedBy());
    }

    private String whyNot(Memberships.View people, GlassUse use, PersonId person, Instant now) throws SQLException {
        return isRequester(people, use, person, now)
                ? "you are on the side that broke the glass: nobody looks at their own"
                : "this is for members of "
                        + use.stages().stream().map(it -> it.group()).collect(Collectors.joining(", "))
                        + " who were members when the glass was broken and still are";
    }
}

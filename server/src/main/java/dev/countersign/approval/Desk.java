package dev.countersign.approval;

import dev.countersign.oauth.Risk;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Quorum;
import dev.countersign.policy.Verdict;
import dev.countersign.store.Overloaded;
import dev.countersign.store.Store;
import dev.countersign.store.StoreFailed;
import dev.countersign.store.Tx;
import dev.countersign.usage.Finding;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a person reads before they decide: requests, with whether and why their vote would count.
public final class Desk {
    /// How many of what waits are looked through for one view, so that a queue of others' requests delays nobody.
    private static final int LOOKED = 2_000;

    /// How many of them are read at once.
    private static final int STRIDE = 200;

    private static final Logger log = LoggerFactory.getLogger(Desk.class);

    private final Store store;
    private final Approvals approvals;
    private final Panel panel;
    private final Uses uses = new Uses();
    private final Comments comments = new Comments();
    private final Claims claims = new Claims();
    private final Nudges nudges = new Nudges();
    private final Handings handings = new Handings();
    private final Reviewers reviewers = new Reviewers();
    private final ExpectedWaits waits;

    public Desk(Store store, Approvals approvals, Panel panel) {
        this.store = store;
        this.approvals = approvals;
        this.panel = panel;
        this.waits = new ExpectedWaits(store, approvals);
    }

    /// One request.
    public Optional<Seen> see(String id, PersonId person) {
        return store.read(tx -> {
            var row = approvals.find(tx, id);
            return row.isPresent()
                    ? Optional.of(new Look(tx, person, true)
                            .seen(List.of(row.get()), List.of(id))
                            .getFirst())
                    : Optional.empty();
        });
    }

    /// Notes that somebody who may vote on a request is shown it, so that it is known how long they looked. Whether
    /// that can be written keeps nobody from looking.
    public void shown(Seen seen, PersonId person) {
        var id = seen.approval().id();
        if (!seen.mayVote()) {
            return;
        }
        try {
            if (store.look(tx -> reviewers.shownAt(tx, id, person)).isEmpty()) {
                store.writeGuarded(tx -> {
                    reviewers.shown(tx, id, person);
                    return true;
                });
            }
        } catch (Overloaded | StoreFailed unavailable) {
            log.warn("it is not noted that request {} was shown", id, unavailable);
        }
    }

    /// Whom a pending request waits for, and how long that usually takes.
    public Outlook outlook(Seen seen) {
        var approval = seen.approval();
        var question = approval.question();
        var open = seen.places().stream().map(Seen.Place::open).toList();
        return new Outlook(
                panel.asked(question, open, approval.heard(), store.look(tx -> tx.now())), waits.of(question));
    }

    /// How long requests like this one usually take; empty when too few of its kind were decided of late.
    public Optional<ExpectedWait> usualWait(Approval approval) {
        return waits.of(approval.question());
    }

    /// Whom a request would wait for that nobody has made, and for how long.
    ///
    /// @param owner the group that owns the client
    public Outlook outlook(AccessRequest request, Verdict.Review verdict, Risk risk, String owner) {
        return new Outlook(
                panel.asked(verdict.stages(), request.subject(), owner, request.madeAt()),
                waits.of(new ExpectedWaits.Like(verdict.rules(), request.resource(), risk)));
    }

    /// What is kept for reviewers of the publication that a request asks for; empty for requests of clients.
    public Optional<Briefed> publication(Approval approval) {
        return store.read(tx -> panel.briefed(tx, approval));
    }

    /// One page of requests, the newest first. A page may hold fewer than `limit` when deadlines have come since the
    /// rows were written; it is the last one only when it holds nothing.
    ///
    /// @param mine only those on which this person could vote now
    public List<Seen> list(Approvals.Filter filter, boolean mine, PersonId person, int limit) {
        return store.read(tx -> {
            var page = new ArrayList<Seen>();
            // Only what is pending can be voted on: nobody's queue is looked for in all of history.
            new Look(tx, person, false).all(mine ? filter.pending() : filter, limit, seen -> {
                if (isIn(filter, seen) && (!mine || seen.mayVote())) {
                    page.add(seen);
                }
                return page.size() < limit;
            });
            return List.copyOf(page);
        });
    }

    /// One page of what is looked for in the past.
    ///
    /// @param after after which id there may be more; empty when there is no more
    public record Found(List<Seen> seen, String after) {}

    /// Looks for requests, the newest first, through a part of the past that is no larger however large the past is: a
    /// page may hold few or none, and there still be more.
    ///
    /// @param looked how many rows of each state are looked through where no index finds them
    public Found search(Approvals.Filter filter, PersonId person, int limit, int looked) {
        return store.read(tx -> {
            var floor = filter.seeks() ? approvals.floor(tx, filter, looked) : "";
            var page = new ArrayList<Seen>();
            new Look(tx, person, false).all(filter.downTo(floor), limit, seen -> {
                if (isIn(filter, seen)) {
                    page.add(seen);
                }
                return page.size() < limit;
            });
            return new Found(
                    List.copyOf(page),
                    page.size() < limit ? floor : page.getLast().approval().id());
        });
    }

    /// One page of what waits, the most urgent first. A page may hold fewer than `limit` only when it is the last one.
    ///
    /// @param filter of which client, risk and text count
    /// @param mine only those on which this person could vote now
    /// @param after the last of the page before; empty for the first page
    public List<Seen> urgent(
            Approvals.Filter filter, boolean mine, PersonId person, Optional<Urgency> after, int limit) {
        return store.read(tx -> {
            var page = new ArrayList<Seen>();
            new Look(tx, person, false).urgent(filter, after, Integer.MAX_VALUE, seen -> {
                if (seen.approval() instanceof Approval.Pending && (!mine || seen.mayVote())) {
                    page.add(seen);
                }
                return page.size() < limit;
            });
            return List.copyOf(page);
        });
    }

    /// How many requests this person could vote on now, as far as is looked, and at most so many.
    public int waiting(PersonId person, int most) {
        return store.read(tx -> {
            int[] own = {0};
            new Look(tx, person, false).urgent(Approvals.Filter.ALL, Optional.empty(), LOOKED, seen -> {
                own[0] += seen.mayVote() ? 1 : 0;
                return own[0] < most;
            });
            return own[0];
        });
    }

    /// What waits, the most urgent first: `mine` is what this person could vote on now, `others` the rest. Each has its
    /// own limit, so that no flood of the one pushes out the other.
    ///
    /// @param waiting how many this person could vote on, wanted or not, as far as was looked
    /// @param pending how many wait for anybody
    /// @param moreMine behind which there may be more of `mine`; empty when there are none
    /// @param moreOthers the same of `others`
    public record Queue(
            List<Seen> mine,
            List<Seen> others,
            int waiting,
            long pending,
            Optional<Urgency> moreMine,
            Optional<Urgency> moreOthers) {}

    /// The beginning of a person's queue, at most `limit` of each.
    ///
    /// @param reviews whether this person votes at all; nothing is theirs otherwise
    /// @param wanted which of it is listed
    public Queue queue(PersonId person, boolean reviews, Predicate<Seen> wanted, int limit) {
        return store.read(tx -> {
            var mine = new Side(limit);
            var others = new Side(limit);
            int[] waiting = {0};
            var stopped = new Look(tx, person, false).urgent(Approvals.Filter.ALL, Optional.empty(), LOOKED, seen -> {
                boolean own = reviews && seen.mayVote();
                waiting[0] += own ? 1 : 0;
                (own ? mine : others).take(seen, wanted);
                return !(reviews ? mine : others).isOver();
            });
            return new Queue(
                    mine.page(),
                    others.page(),
                    waiting[0],
                    approvals.pending(tx),
                    mine.next().or(() -> stopped.filter(_ -> reviews)),
                    others.next().or(() -> stopped));
        });
    }

    /// More of one side of it.
    ///
    /// @param own whether of what this person could vote on
    /// @param after behind which
    public Queue more(PersonId person, boolean reviews, boolean own, Urgency after, Predicate<Seen> wanted, int limit) {
        return store.read(tx -> {
            var side = new Side(limit);
            var stopped = new Look(tx, person, false).urgent(Approvals.Filter.ALL, Optional.of(after), LOOKED, seen -> {
                if (own == (reviews && seen.mayVote())) {
                    side.take(seen, wanted);
                }
                return !side.isOver();
            });
            return new Queue(
                    own ? side.page() : List.of(),
                    own ? List.of() : side.page(),
                    0,
                    approvals.pending(tx),
                    side.next().or(() -> stopped).filter(_ -> own),
                    side.next().or(() -> stopped).filter(_ -> !own));
        });
    }

    /// One side of the queue while it is gathered.
    private static final class Side {
        private final int limit;
        private final List<Seen> page = new ArrayList<>();
        private boolean over;

        Side(int limit) {
            this.limit = limit;
        }

        void take(Seen seen, Predicate<Seen> wanted) {
            if (over || !(seen.approval() instanceof Approval.Pending) || !wanted.test(seen)) {
                return;
            }
            if (page.size() < limit) {
                page.add(seen);
            } else {
                over = true;
            }
        }

        /// Whether there is more than is listed.
        boolean isOver() {
            return over;
        }

        List<Seen> page() {
            return List.copyOf(page);
        }

        Optional<Urgency> next() {
            return over ? Optional.of(Urgency.of(page.getLast())) : Optional.empty();
        }
    }

    private static boolean isIn(Approvals.Filter filter, Seen seen) {
        var rule = filter.besides().rule();
        return (filter.states().isEmpty()
                        || filter.states().contains(seen.approval().state()))
                && (rule.isEmpty()
                        || seen.approval().question().verdict().rules().contains(rule));
    }

    /// What one person sees in one transaction.
    private final class Look {
        private final Tx tx;
        private final PersonId person;
        private final boolean alone;
        private final Attendance there;

        /// @param alone whether one request is looked at by itself
        Look(Tx tx, PersonId person, boolean alone) {
            this.tx = tx;
            this.person = person;
            this.alone = alone;
            this.there = panel.attendance(tx);
        }

        /// Goes through the requests of a filter, the newest first, for as long as `wants` says so.
        ///
        /// @param stride how many are read at once
        void all(Approvals.Filter filter, int stride, Predicate<Seen> wants) throws SQLException {
            var from = filter;
            while (true) {
                var rows = approvals.list(tx, from, stride);
                for (var seen : seen(rows, open(rows))) {
                    if (!wants.test(seen)) {
                        return;
                    }
                }
                if (rows.size() < stride) {
                    return;
                }
                from = from.after(rows.getLast().approval().id());
            }
        }

        /// Goes through what waits, the most urgent first, for as long as `wants` says so.
        ///
        /// @param most how many are looked at
        /// @return where it stopped; empty when it came to the end
        Optional<Urgency> urgent(Approvals.Filter filter, Optional<Urgency> after, int most, Predicate<Seen> wants)
                throws SQLException {
            var from = after;
            for (int looked = 0; looked < most; looked += STRIDE) {
                var rows = approvals.urgent(tx, filter, from, STRIDE);
                for (var seen : seen(rows, open(rows))) {
                    if (!wants.test(seen)) {
                        return Optional.of(Urgency.of(seen));
                    }
                }
                if (rows.size() < STRIDE) {
                    return Optional.empty();
                }
                from = Optional.of(Urgency.of(rows.getLast().approval()));
            }
            return from;
        }

        /// The ids of those that are open.
        private static List<String> open(List<Approvals.Row> rows) {
            return rows.stream()
                    .map(Approvals.Row::approval)
                    .filter(it -> it.deadline().isPresent())
                    .map(Approval::id)
                    .toList();
        }

        /// @param about the ids of those of which it is told what was said about them
        List<Seen> seen(List<Approvals.Row> rows, List<String> about) throws SQLException {
            var open = open(rows);
            var elsewhere = approvals.elsewhere(tx, open);
            var said = comments.about(tx, about);
            var claimed = claims.of(tx, open);
            var handed = handings.of(tx, open);
            var all = new ArrayList<Seen>(rows.size());
            for (var row : rows) {
                var id = row.approval().id();
                all.add(seen(
                        row,
                        elsewhere,
                        said.getOrDefault(id, List.of()),
                        Optional.ofNullable(claimed.get(id)),
                        Optional.ofNullable(handed.get(id))));
            }
            return all;
        }

        private Seen seen(
                Approvals.Row row,
                Set<String> elsewhere,
                List<Comment> said,
                Optional<Claim> claim,
                Optional<Handed> handed)
                throws SQLException {
            var now = tx.now();
            var approval = row.approval().asOf(now);
            var question = approval.question();
            var counting = panel.counting(there, approval, now);
            var stages = question.verdict().stages();
            boolean voted = hasVoted(approval, person);
            boolean pending = approval instanceof Approval.Pending;
            var changed = pending ? changed(approval) : Optional.<String>empty();
            var seats = changed.isPresent() ? Seats.NONE : panel.seats(there, approval, person, now);
            return new Seen(
                    approval,
                    row.lastLeaf(),
                    findings(approval, elsewhere),
                    Seen.Place.of(stages, question.request().madeAt(), counting),
                    seats.groups(),
                    seats.escalated(),
                    seats.inPlaceOf(),
                    seats.onCall(),
                    pending && alone ? panel.away(there, question, now) : List.of(),
                    pending && seats.isEmpty() ? changed.orElse(panel.whyNot(there, approval, person, now)) : "",
                    pending
                            && !voted
                            && Quorum.decides(
                                    stages, counting, seats.inPlaceOf().orElse(person), seats.groups()),
                    voted,
                    pending && alone && !voted && !seats.isEmpty()
                            ? panel.restsUntil(tx, question, person)
                            : Optional.empty(),
                    used(approval),
                    said,
                    pending && alone
                            ? Optional.of(nudges.of(
                                    tx, approval.id(), question.request().madeAt()))
                            : Optional.empty(),
                    pending ? handed : Optional.empty(),
                    pending && handed.filter(it -> it.isFor(person, seats)).isPresent(),
                    pending ? claim.filter(it -> !hasVoted(approval, it.person())) : Optional.empty(),
                    (pending || alone) && panel.isRequester(there, question, person, now));
        }

        /// Why nobody may vote on a publication whose briefing is not what it was asked with.
        private Optional<String> changed(Approval approval) {
            return panel.briefed(tx, approval)
                    .flatMap(it -> it instanceof Briefed.Changed(var said) ? Optional.of(said) : Optional.empty());
        }

        private static boolean hasVoted(Approval approval, PersonId person) {
            return approval.heard().stream().anyMatch(it -> it.isOf(person));
        }

        private OptionalInt used(Approval approval) throws SQLException {
            if (approval.question().ask().uses() == 1) {
                return OptionalInt.empty();
            }
            var several = uses.find(tx, approval.id());
            return several.isPresent() ? OptionalInt.of(several.get().used()) : OptionalInt.empty();
        }
    }

    /// While two ask for the same from different places, whoever reads one is told of the other: the first is as likely
    /// to be the thief's as the second.
    private static List<Finding> findings(Approval approval, Set<String> fromElsewhere) {
        var findings = approval.question().findings();
        var elsewhere = Finding.elsewhere();
        if (approval.deadline().isEmpty() || findings.contains(elsewhere) || !fromElsewhere.contains(approval.id())) {
            return findings;
        }
        var all = new ArrayList<>(findings);
        all.add(elsewhere);
        return Finding.worstFirst(all);
    }
}

package dev.countersign.approval;

import dev.countersign.people.PersonId;
import dev.countersign.policy.Quorum;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import dev.countersign.usage.Finding;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a person reads before they decide: requests, with whether and why their vote would count.
public final class Desk {
    private final Store store;
    private final Approvals approvals;
    private final Panel panel;
    private final Publications publications = new Publications();

    public Desk(Store store, Approvals approvals, Panel panel) {
        this.store = store;
        this.approvals = approvals;
        this.panel = panel;
    }

    /// One request.
    public Optional<Seen> see(String id, PersonId person) {
        return store.read(tx -> {
            var row = approvals.find(tx, id);
            return row.isPresent() ? Optional.of(seen(tx, row.get(), person)) : Optional.empty();
        });
    }

    /// What reviewers are shown of the publication that a request asks for, as JSON; empty for requests of clients.
    public Optional<String> publication(Approval approval) {
        return approval.question().request().client().equals(Administration.CLIENT)
                ? store.read(tx -> publications.shown(tx, approval.id()))
                : Optional.empty();
    }

    /// One page of requests, the newest first. A page may hold fewer than `limit` when deadlines have come since the
    /// rows were written; it is the last one only when it holds nothing.
    ///
    /// @param mine only those on which this person could vote now
    public List<Seen> list(Approvals.Filter filter, boolean mine, PersonId person, int limit) {
        return store.read(tx -> {
            var page = new ArrayList<Seen>();
            // Only what is pending can be voted on: nobody's queue is looked for in all of history.
            var from = mine ? filter.pending() : filter;
            while (page.size() < limit) {
                var rows = approvals.list(tx, from, limit);
                for (var row : rows) {
                    var seen = seen(tx, row, person);
                    boolean wanted = filter.states().isEmpty()
                            || filter.states().contains(seen.approval().state());
                    if (wanted && (!mine || seen.mayVote()) && page.size() < limit) {
                        page.add(seen);
                    }
                }
                if (rows.size() < limit) {
                    break;
                }
                from = from.after(rows.getLast().approval().id());
            }
            return List.copyOf(page);
        });
    }

    private Seen seen(Tx tx, Approvals.Row row, PersonId person) throws SQLException {
        var now = tx.now();
        var approval = row.approval().asOf(now);
        var question = approval.question();
        var counting = panel.counting(tx, approval, now);
        var stages = question.verdict().stages();
        var open = Quorum.open(stages, counting);
        var places = new ArrayList<Seen.Place>();
        for (int i = 0; i < stages.size(); i++) {
            places.add(new Seen.Place(stages.get(i).group(), stages.get(i).votes(), open.get(i)));
        }
        boolean voted = approval.heard().stream().anyMatch(it -> it.reviewer().equals(person));
        var seats = panel.seats(tx, question, person, now);
        boolean pending = approval instanceof Approval.Pending;
        return new Seen(
                approval,
                row.lastLeaf(),
                findings(tx, approval),
                List.copyOf(places),
                seats,
                pending && seats.isEmpty() ? panel.whyNot(tx, question, person, now) : "",
                pending && !voted && Quorum.decides(stages, counting, person, seats),
                voted);
    }

    /// While two ask for the same from different places, whoever reads one is told of the other: the first is as likely
    /// to be the thief's as the second.
    private List<Finding> findings(Tx tx, Approval approval) throws SQLException {
        var findings = approval.question().findings();
        var elsewhere = Finding.elsewhere();
        if (approval.deadline().isEmpty()
                || findings.contains(elsewhere)
                || !approvals.openElsewhere(tx, approval.question().request())) {
            return findings;
        }
        var all = new ArrayList<>(findings);
        all.add(elsewhere);
        return Finding.worstFirst(all);
    }
}

package dev.countersign.approval;

import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Entry.Actor;
import dev.countersign.ledger.Ledger;
import dev.countersign.people.PersonId;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What people do about a pending request beside voting: reviewers ask, those who want the token answer and remind
/// them, and a reviewer says that they look into it, or hands it on. None of it decides anything or gives more time;
/// each is in the
/// ledger.
public final class Discussion {
    /// How long a claim lasts, unless its person votes or releases it before.
    public static final Duration CLAIMED = Duration.ofMinutes(10);

    /// The most that each side may say about one request.
    public static final int MOST = 25;

    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Panel panel;
    private final Gate gate;
    private final Comments comments = new Comments();
    private final Claims claims = new Claims();
    private final Nudges nudges = new Nudges();
    private final Handings handings = new Handings();

    public Discussion(Store store, Ledger ledger, Approvals approvals, Panel panel, Gate gate) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
        this.panel = panel;
        this.gate = gate;
    }

    /// What became of it.
    public sealed interface Result {
        /// It stands.
        record Done() implements Result {}

        /// There is no such request.
        record Unknown() implements Result {}

        /// The request is decided already.
        record NotPending(Approval now) implements Result {}

        /// It is not for this person; why, for them to read.
        record NotYours(String because) implements Result {}

        /// Their side has said what it may.
        record TooMany() implements Result {}

        /// It is too early for that; from then on it is not.
        record TooSoon(Instant from) implements Result {}

        /// Somebody else looks into it.
        record Claimed(Claim by) implements Result {}
    }

    /// How a request stands, for its client.
    ///
    /// @param approval its state, with a deadline that has come already counted
    /// @param nudge how often its client, or who owns that, reminded those who decide
    public record Stands(Approval approval, List<Seen.Place> places, List<Comment> comments, Nudge nudge) {
        /// True when a reviewer has asked something, and nobody has answered.
        public boolean hasQuestion() {
            return Comment.isOpen(approval, comments);
        }
    }

    /// How a request stands; empty when there is none.
    public Optional<Stands> stands(String id) {
        return store.read(tx -> {
            var row = approvals.find(tx, id);
            if (row.isEmpty()) {
                return Optional.empty();
            }
            var approval = row.get().approval().asOf(tx.now());
            var counting = panel.counting(panel.attendance(tx), approval, tx.now());
            return Optional.of(new Stands(
                    approval,
                    Seen.Place.of(
                            approval.question().verdict().stages(),
                            approval.question().request().madeAt(),
                            counting),
                    comments.about(tx, List.of(id)).getOrDefault(id, List.of()),
                    nudges.of(tx, id, approval.question().request().madeAt())));
        });
    }

    /// A person says something: a reviewer asks, or somebody on the requester's side answers.
    public Result say(String id, PersonId person, String words) {
        return pending(id, (tx, row) -> {
            var side = side(tx, row.approval(), person);
            return side.isEmpty()
                    ? new Result.NotYours("reviewers of this request and those who asked for it talk here")
                    : add(tx, row, new Comment(side.get(), actor(person), words, tx.now()));
        });
    }

    /// The client that asked says something.
    public Result answer(String id, String client, String words) {
        return pending(
                id,
                (tx, row) -> row.approval().question().request().client().equals(client)
                        ? add(
                                tx,
                                row,
                                new Comment(Comment.Side.REQUESTER, new Actor("client", client), words, tx.now()))
                        : new Result.Unknown());
    }

    /// Somebody on the requester's side reminds those who decide.
    public Result nudge(String id, PersonId person) {
        return pending(
                id,
                (tx, row) ->
                        panel.isRequester(panel.attendance(tx), row.approval().question(), person, tx.now())
                                ? nudge(tx, row, actor(person))
                                : new Result.NotYours("only those who asked for it remind others of it"));
    }

    /// The client that asked does.
    public Result nudge(String id, String client) {
        return pending(
                id,
                (tx, row) -> row.approval().question().request().client().equals(client)
                        ? nudge(tx, row, new Actor("client", client))
                        : new Result.Unknown());
    }

    private Result nudge(Tx tx, Approvals.Row row, Actor by) throws SQLException {
        var question = row.approval().question();
        var last = nudges.of(tx, row.approval().id(), question.request().madeAt());
        if (tx.now().isBefore(last.next())) {
            return new Result.TooSoon(last.next());
        }
        nudges.set(tx, row.approval().id(), last.again(tx.now()));
        return written(tx, row, Entries.nudged(question, by, tx.now(), row.lastLeaf()));
    }

    private Result add(Tx tx, Approvals.Row row, Comment comment) throws SQLException {
        var id = row.approval().id();
        var said = comments.about(tx, List.of(id)).getOrDefault(id, List.of());
        if (said.stream().filter(it -> it.side() == comment.side()).count() >= MOST) {
            return new Result.TooMany();
        }
        comments.add(tx, id, said.size() + 1, comment);
        return written(tx, row, Entries.commented(row.approval().question(), comment, row.lastLeaf()));
    }

    private Optional<Comment.Side> side(Tx tx, Approval approval, PersonId person) throws SQLException {
        var there = panel.attendance(tx);
        if (!panel.seats(there, approval, person, tx.now()).isEmpty()) {
            return Optional.of(Comment.Side.REVIEWER);
        }
        return panel.isRequester(there, approval.question(), person, tx.now())
                ? Optional.of(Comment.Side.REQUESTER)
                : Optional.empty();
    }

    /// A reviewer looks into it. Whoever has claimed it already has it for longer.
    public Result claim(String id, PersonId person) {
        return pending(id, (tx, row) -> {
            var question = row.approval().question();
            var there = panel.attendance(tx);
            if (panel.seats(there, row.approval(), person, tx.now()).isEmpty()) {
                return new Result.NotYours(panel.whyNot(there, row.approval(), person, tx.now()));
            }
            if (row.approval().heard().stream().anyMatch(it -> it.isOf(person))) {
                return new Result.NotYours("you have voted on it");
            }
            var other = claim(tx, id).filter(it -> !it.person().equals(person));
            if (other.isPresent()) {
                return new Result.Claimed(other.get());
            }
            var claim = new Claim(person, tx.now().plus(CLAIMED));
            claims.set(tx, id, claim);
            return written(tx, row, Entries.claimed(question, claim, tx.now(), row.lastLeaf()));
        });
    }

    /// A reviewer looks into it no more.
    public Result release(String id, PersonId person) {
        return pending(id, (tx, row) -> {
            if (claim(tx, id).filter(it -> it.person().equals(person)).isEmpty()) {
                return new Result.NotYours("you have not claimed it, or that was over");
            }
            claims.release(tx, id);
            return written(tx, row, Entries.released(row.approval().question(), person, tx.now(), row.lastLeaf()));
        });
    }

    /// A reviewer hands it on to somebody else who may decide it, or to all of a group that is asked. Their own claim
    /// ends; who may vote stays as it is.
    public Result handOn(String id, PersonId person, Handed.To to, String reason) {
        return pending(id, (tx, row) -> {
            var there = panel.attendance(tx);
            var against = panel.seats(there, row.approval(), person, tx.now()).isEmpty()
                    ? Optional.of(panel.whyNot(there, row.approval(), person, tx.now()))
                    : panel.againstHandingTo(there, row.approval(), person, to, tx.now());
            if (row.approval().heard().stream().anyMatch(it -> it.isOf(person))) {
                return new Result.NotYours("you have voted on it");
            }
            if (against.isPresent()) {
                return new Result.NotYours(against.get());
            }
            int times = Optional.ofNullable(handings.of(tx, List.of(id)).get(id))
                    .map(Handed::times)
                    .orElse(0);
            if (times >= MOST) {
                return new Result.TooMany();
            }
            if (claim(tx, id).filter(it -> it.person().equals(person)).isPresent()) {
                claims.release(tx, id);
            }
            var handed = new Handed(times + 1, person, to, reason, tx.now());
            handings.set(tx, id, handed);
            return written(tx, row, Entries.handed(row.approval().question(), handed, row.lastLeaf()));
        });
    }

    private Optional<Claim> claim(Tx tx, String id) {
        return Optional.ofNullable(claims.of(tx, List.of(id)).get(id));
    }

    /// Something to do with a request that is pending.
    @FunctionalInterface
    private interface Step {
        Result take(Tx tx, Approvals.Row row) throws SQLException;
    }

    private Result pending(String id, Step step) {
        return Overtaken.retry(() -> store.writeGuarded(tx -> {
            var found = approvals.hold(tx, id);
            if (found.isEmpty()) {
                return new Result.Unknown();
            }
            var row = gate.steps.upToNow(tx, found.get());
            return row.approval() instanceof Approval.Pending
                    ? step.take(tx, row)
                    : new Result.NotPending(row.approval());
        }));
    }

    private Result written(Tx tx, Approvals.Row row, Entry entry) throws SQLException {
        gate.steps.move(tx, row, row.approval(), ledger.append(tx, entry).hash());
        return new Result.Done();
    }

    private static Actor actor(PersonId person) {
        return new Actor("person", person.value());
    }
}

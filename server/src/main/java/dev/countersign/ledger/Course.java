package dev.countersign.ledger;

import dev.countersign.ledger.Auditor.Objection;
import dev.countersign.ledger.Verification.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The life of one request as its entries tell it. Each entry must follow the one before it, and be one that may come
/// then:
///
///     (nothing) ──made──▶ asked ──judged──▶ pending ──decided──▶ approved ──minted──▶ minted ──revoked──▶ over
///         │ └──refused──▶ over                 └──denied, expired, cancelled──▶ over ◀──ended──┘
///         └──minted, approved by policy──▶ minted
final class Course {
    private enum Stage {
        NOTHING,
        ASKED,
        PENDING,
        APPROVED,
        MINTED,
        OVER
    }

    private Stage stage = Stage.NOTHING;
    private byte[] last = {};
    private @Nullable Waiting waiting;

    /// What is known of a request that waits or waited, until its token is minted.
    private static final class Waiting {
        private final EntryView made;
        private final List<EntryView> votes = new ArrayList<>();
        private @Nullable EntryView judged;
        private @Nullable EntryView decided;

        Waiting(EntryView made) {
            this.made = made;
        }

        EntryView judged() {
            return Objects.requireNonNull(judged, "pending requests were judged");
        }

        EntryView decided() {
            return Objects.requireNonNull(decided, "approved requests were decided");
        }
    }

    void take(EntryView entry) throws Objection {
        boolean follows = entry.previous()
                .map(previous -> Arrays.equals(previous.bytes(), last))
                .orElse(last.length == 0);
        Objection.unless(follows, Fault.CHAIN, "it does not follow the last entry of its request");
        switch (entry.code()) {
            case REQUEST_MADE -> {
                in(entry, Stage.NOTHING);
                Leave.ofItsTerms(entry, Leave.asked(entry));
                waiting = new Waiting(entry);
                stage = Stage.ASKED;
            }
            case REQUEST_JUDGED -> {
                in(entry, Stage.ASKED);
                waiting().judged = entry;
                stage = Stage.PENDING;
            }
            case REQUEST_VOTED -> {
                in(entry, Stage.PENDING);
                vote(entry);
            }
            case REQUEST_VOTE_REFUSED -> in(entry, Stage.PENDING);
            case REQUEST_DECIDED -> {
                in(entry, Stage.PENDING);
                decide(entry);
            }
            case REQUEST_ENDED -> {
                in(entry, Stage.ASKED, Stage.PENDING, Stage.APPROVED, Stage.MINTED, Stage.OVER);
                over();
            }
            case REQUEST_REFUSED -> {
                in(entry, Stage.NOTHING, Stage.ASKED);
                over();
            }
            case TOKEN_MINTED -> mint(entry);
            case TOKEN_REDELIVERED -> in(entry, Stage.MINTED);
            case TOKEN_REVOKED -> {
                in(entry, Stage.MINTED, Stage.OVER);
                over();
            }
            // The rest may name a request and changes nothing about it.
            default ->
                Objection.unless(
                        !entry.code().isOfRequest(), Fault.UNJUSTIFIED, "no request takes a step of this kind");
        }
        last = entry.hash().bytes();
    }

    private void in(EntryView entry, Stage... allowed) throws Objection {
        if (!Arrays.asList(allowed).contains(stage)) {
            var now = stage.name().toLowerCase(Locale.ROOT);
            throw new Objection(Fault.UNJUSTIFIED, entry.code().wire() + " cannot come when its request is " + now);
        }
    }

    private Waiting waiting() {
        return Objects.requireNonNull(waiting, "it waits");
    }

    private void over() {
        waiting = null;
        stage = Stage.OVER;
    }

    private void vote(EntryView vote) throws Objection {
        var voter = vote.actor().id();
        var made = waiting().made;
        Objection.unless(vote.actor().kind().equals("person"), Fault.UNJUSTIFIED, "only people vote");
        Objection.unless(
                waiting().votes.stream()
                        .noneMatch(earlier -> earlier.actor().id().equals(voter)),
                Fault.UNJUSTIFIED,
                voter + " has voted already");
        Objection.unless(
                !voter.equals(made.text(Member.SUBJECT)), Fault.UNJUSTIFIED, "nobody votes on their own request");
        Leave.narrows(vote, made);
        waiting().votes.add(vote);
    }

    private void decide(EntryView decided) throws Objection {
        if (decided.text(Member.OUTCOME).equals(Member.APPROVED)) {
            var it = waiting();
            Leave.approved(decided, it.made, it.judged(), it.votes);
            it.decided = decided;
            stage = Stage.APPROVED;
        } else {
            over();
        }
    }

    private void mint(EntryView minted) throws Objection {
        in(minted, Stage.NOTHING, Stage.APPROVED);
        if (stage == Stage.NOTHING) {
            Leave.byPolicy(minted);
        } else {
            Leave.byPeople(minted, waiting().made, waiting().decided());
        }
        waiting = null;
        stage = Stage.MINTED;
    }

    /// The votes named by a decision, each of them one that was cast and approves.
    static List<EntryView> named(EntryView decided, List<EntryView> cast) throws Objection {
        var hashes = new HashSet<>(decided.texts(Member.VOTES));
        var named = cast.stream()
                .filter(vote -> hashes.contains(vote.hash().text())
                        && vote.text(Member.VOTE).equals(Member.APPROVE))
                .toList();
        Objection.unless(
                named.size() == decided.texts(Member.VOTES).size(),
                Fault.UNJUSTIFIED,
                "the decision names votes that were not cast for it");
        return named;
    }
}

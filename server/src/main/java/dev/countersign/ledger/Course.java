package dev.countersign.ledger;

import dev.countersign.ledger.Auditor.Objection;
import dev.countersign.ledger.Verification.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The life of one request as its entries tell it. Each entry must follow the one before it, and be one that may come
/// then:
///
///     (nothing) ──made──▶ asked ──judged──▶ pending ──decided──▶ approved ──minted──▶ minted ──revoked──▶ over
///         │ └──refused──▶ over                 └──denied, expired, cancelled──▶ over ◀──ended──┘
///         └──minted, by policy or observed only──▶ minted
///         └──minted, by the approval of another request that is minted and gives several──▶ minted
///         └──minted, by break-glass──▶ broken ──used──▶ minted, which people look at afterwards
///
/// Of a request to attest a client, `client.attested` follows what was minted, and of one about a passkey
/// `passkey.enrolled` or `passkey.removed`.
public final class Course {
    private enum Stage {
        NOTHING,
        ASKED,
        PENDING,
        APPROVED,
        MINTED,
        BROKEN,
        OVER
    }

    private Stage stage = Stage.NOTHING;
    private byte[] last = {};
    private @Nullable Waiting waiting;
    private @Nullable Looked looked;

    /// The grant of people by which a client may be attested, or a passkey enrolled or removed, once.
    private @Nullable EntryView leave;

    /// The same when that was done.
    private @Nullable EntryView spent;

    /// Whether those who vote sign.
    private boolean signed;

    /// What people approved for several tokens, once the first is minted.
    private @Nullable Several several;

    /// What a token breaks that comes when it is over.
    private Promise ended = Promise.LEAVE;

    Course() {}

    /// The first entry that should not have been written, which promise it breaks, and why.
    public record Broken(EntryView entry, Promise promise, String said) {}

    /// What is wrong with all the entries of one request, in their order; empty when nothing is.
    public static Optional<Broken> broken(List<EntryView> entries) {
        var course = new Course();
        for (var entry : entries) {
            try {
                course.take(entry);
            } catch (Objection objection) {
                return Optional.of(new Broken(entry, objection.promise, objection.said));
            }
        }
        return Optional.empty();
    }

    /// What is known of a request that waits or waited, until its token is minted.
    private static final class Waiting {
        private final EntryView made;
        private final List<EntryView> votes = new ArrayList<>();

        /// The groups in whose place others may decide by now.
        private final Set<String> escalated = new HashSet<>();

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

    /// An approval that gives more tokens.
    private static final class Several {
        private final EntryView made;
        private final EntryView decided;
        private long used = 1;

        Several(EntryView made, EntryView decided) {
            this.made = made;
            this.decided = decided;
        }
    }

    /// What is known of broken glass that people look at afterwards.
    private static final class Looked {
        private final EntryView minted;
        private final List<EntryView> words = new ArrayList<>();
        private @Nullable EntryView used;
        private String outcome = "";

        Looked(EntryView minted) {
            this.minted = minted;
        }
    }

    void take(EntryView entry) throws Objection {
        boolean follows = entry.previous()
                .map(previous -> Arrays.equals(previous.bytes(), last))
                .orElse(last.length == 0);
        Objection.unless(follows, Fault.CHAIN, "it does not follow the last entry of its request");
        switch (entry.code()) {
            case REQUEST_MADE -> {
                in(entry, Promise.FORWARD, Stage.NOTHING);
                Leave.ofItsTerms(entry, Leave.asked(entry));
                waiting = new Waiting(entry);
                stage = Stage.ASKED;
            }
            case REQUEST_JUDGED -> {
                in(entry, Promise.FORWARD, Stage.ASKED);
                waiting().judged = entry;
                signed = entry.flag(Member.SIGNED);
                stage = Stage.PENDING;
            }
            case REQUEST_VOTED -> {
                in(entry, onceDecided(), Stage.PENDING);
                vote(entry);
            }
            case REQUEST_VOTE_REFUSED,
                    REQUEST_COMMENTED,
                    REQUEST_CLAIMED,
                    REQUEST_RELEASED,
                    REQUEST_NUDGED,
                    REQUEST_REASSIGNED -> in(entry, Promise.FORWARD, Stage.PENDING);
            case REQUEST_ESCALATED -> {
                in(entry, Promise.FORWARD, Stage.PENDING);
                waiting()
                        .escalated
                        .addAll(Leave.escalated(entry, waiting().made, waiting().judged()));
            }
            case REQUEST_DECIDED -> {
                in(entry, onceDecided(), Stage.PENDING);
                decide(entry);
            }
            case REQUEST_ENDED -> {
                in(entry, Promise.FORWARD, Stage.ASKED, Stage.PENDING, Stage.APPROVED, Stage.MINTED, Stage.OVER);
                over(Promise.END);
            }
            case REQUEST_REFUSED -> {
                in(entry, Promise.FORWARD, Stage.NOTHING, Stage.ASKED);
                over(Promise.LEAVE);
            }
            case TOKEN_MINTED -> mint(entry);
            case BREAK_GLASS_USED -> {
                in(entry, Promise.FORWARD, Stage.BROKEN);
                Leave.owed(entry, looked().minted);
                looked().used = entry;
                stage = Stage.MINTED;
            }
            case BREAK_GLASS_REVIEWED -> {
                in(entry, Promise.FORWARD, Stage.MINTED, Stage.OVER);
                look(entry);
            }
            case BREAK_GLASS_LIFTED -> {
                in(entry, Promise.FORWARD, Stage.MINTED, Stage.OVER);
                lift(entry);
            }
            case CLIENT_ATTESTED -> {
                in(entry, Promise.FORWARD, Stage.MINTED);
                Leave.attested(entry, Optional.ofNullable(leave));
                leave = null;
            }
            case PASSKEY_ENROLLED, PASSKEY_REMOVED -> {
                in(entry, Promise.FORWARD, Stage.MINTED);
                Leave.ofPasskey(entry, Optional.ofNullable(leave));
                spent = leave;
                leave = null;
            }
            case TOKEN_REDELIVERED -> in(entry, stage == Stage.OVER ? ended : Promise.FORWARD, Stage.MINTED);
            case TOKEN_REVOKED -> {
                in(entry, Promise.FORWARD, Stage.MINTED, Stage.OVER);
                over(Promise.END);
            }
            // The rest may name a request and changes nothing about it.
            default ->
                Objection.unless(!entry.code().isOfRequest(), Promise.FORWARD, "no request takes a step of this kind");
        }
        last = entry.hash().bytes();
    }

    private void in(EntryView entry, Promise promise, Stage... allowed) throws Objection {
        if (!Arrays.asList(allowed).contains(stage)) {
            var now = stage.name().toLowerCase(Locale.ROOT);
            throw new Objection(
                    Fault.UNJUSTIFIED, promise, entry.code().wire() + " cannot come when its request is " + now);
        }
    }

    private Promise onceDecided() {
        return switch (stage) {
            case NOTHING, ASKED, PENDING -> Promise.FORWARD;
            case APPROVED, MINTED, BROKEN, OVER -> Promise.ONE_DECISION;
        };
    }

    /// What a request asks that waits.
    EntryView made() {
        return waiting().made;
    }

    /// What policy says of it.
    EntryView judged() {
        return waiting().judged();
    }

    /// The token by which the glass was broken.
    EntryView broke() throws Objection {
        return looked().minted;
    }

    /// What people granted and was used just now.
    EntryView spent() {
        return Objects.requireNonNull(spent, "it was granted");
    }

    /// Whether those who voted had to sign.
    boolean isSigned() {
        return signed;
    }

    private Waiting waiting() {
        return Objects.requireNonNull(waiting, "it waits");
    }

    /// @param then what a token breaks that comes all the same
    private void over(Promise then) {
        waiting = null;
        several = null;
        stage = Stage.OVER;
        ended = then;
    }

    private void vote(EntryView vote) throws Objection {
        var voter = vote.actor().id();
        var made = waiting().made;
        var speaks = vote.text(Member.IN_PLACE_OF).isEmpty() ? voter : vote.text(Member.IN_PLACE_OF);
        Objection.unless(vote.actor().kind().equals("person"), Promise.QUORUM, "only people vote");
        Objection.unless(
                waiting().votes.stream().noneMatch(earlier -> isOf(earlier, voter) || isOf(earlier, speaks)),
                Promise.QUORUM,
                speaks + " has voted already");
        var subject = made.text(Member.SUBJECT);
        Objection.unless(
                !voter.equals(subject) && !speaks.equals(subject), Promise.QUORUM, "nobody votes on their own request");
        Objection.unless(
                speaks.equals(voter) || waiting().judged().flag(Member.SUBSTITUTES),
                Promise.QUORUM,
                "its verdict lets nobody vote in another's place");
        Objection.unless(
                !signed || vote.body().containsKey(Member.SIGNATURE),
                Promise.QUORUM,
                "votes on this are signed, and this one is not");
        Objection.unless(
                waiting().escalated.containsAll(vote.texts(Member.ESCALATED))
                        && vote.texts(Member.STAGES).containsAll(vote.texts(Member.ESCALATED)),
                Promise.QUORUM,
                voter + " decides in place of a group that it has not escalated from");
        Leave.narrows(vote, made);
        waiting().votes.add(vote);
    }

    /// Whether it is that person's word, by themselves or by who stands in for them.
    private static boolean isOf(EntryView vote, String person) {
        return vote.actor().id().equals(person) || vote.text(Member.IN_PLACE_OF).equals(person);
    }

    private void decide(EntryView decided) throws Objection {
        if (decided.text(Member.OUTCOME).equals(Member.APPROVED)) {
            var it = waiting();
            Leave.approved(decided, it.made, it.judged(), it.votes);
            it.decided = decided;
            stage = Stage.APPROVED;
        } else {
            over(Promise.LEAVE);
        }
    }

    private void mint(EntryView minted) throws Objection {
        in(minted, unlessApproved(), Stage.NOTHING, Stage.APPROVED);
        if (stage == Stage.NOTHING && minted.text(Member.BY).equals(Member.BY_BREAK_GLASS)) {
            Leave.byBreakGlass(minted);
            looked = new Looked(minted);
            stage = Stage.BROKEN;
            return;
        }
        if (stage == Stage.NOTHING && minted.text(Member.BY).equals(Member.BY_APPROVAL)) {
            Leave.byApproval(minted);
        } else if (stage == Stage.NOTHING) {
            Leave.atOnce(minted);
        } else {
            Leave.byPeople(minted, waiting().made, waiting().decided());
            leave = minted;
            if (Leave.uses(waiting().decided()) > 1) {
                several = new Several(waiting().made, waiting().decided());
            }
        }
        waiting = null;
        stage = Stage.MINTED;
    }

    /// Another request is given a token of what people approved here for several.
    void further(EntryView minted) throws Objection {
        var it = several;
        if (it == null) {
            throw new Objection(
                    Fault.UNJUSTIFIED,
                    stage == Stage.OVER ? ended : Promise.LEAVE,
                    "the approval it uses was never given for several tokens, or is over");
        }
        it.used++;
        Objection.unless(
                it.used == minted.number(Member.USE) && it.used <= Leave.uses(it.decided),
                Promise.ONE_TOKEN,
                "the approval it uses gave all its tokens, or another one in its place");
        Leave.byPeople(minted, it.made, it.decided);
    }

    private Looked looked() throws Objection {
        if (looked == null) {
            throw new Objection(Fault.UNJUSTIFIED, Promise.FORWARD, "nobody broke the glass");
        }
        return looked;
    }

    private void look(EntryView word) throws Objection {
        var it = looked();
        var person = word.actor().id();
        Objection.unless(word.actor().kind().equals("person"), Promise.QUORUM, "only people look at it");
        Objection.unless(it.outcome.isEmpty(), Promise.ONE_DECISION, "people had looked at it already");
        Objection.unless(
                it.words.stream().noneMatch(earlier -> earlier.actor().id().equals(person)),
                Promise.QUORUM,
                person + " has looked at it already");
        Objection.unless(
                !person.equals(it.minted.text(Member.SUBJECT)), Promise.QUORUM, "nobody looks at their own request");
        it.words.add(word);
        it.outcome = word.text(Member.OUTCOME);
        boolean objects = word.text(Member.VOTE).equals(Member.OBJECT);
        Objection.unless(
                objects == it.outcome.equals(Member.OBJECTED),
                Promise.QUORUM,
                "what came of it is not what this word says");
        if (!objects && !it.outcome.isEmpty()) {
            Leave.lookedAt(word, Objects.requireNonNull(it.used, "it was used"), it.words);
        }
    }

    private void lift(EntryView lifted) throws Objection {
        var it = looked();
        Objection.unless(
                it.outcome.equals(Member.OBJECTED) && lifted.actor().kind().equals("person"),
                Promise.FORWARD,
                "nobody had objected");
        it.outcome = "lifted";
    }

    private Promise unlessApproved() {
        return switch (stage) {
            case NOTHING, ASKED, PENDING, APPROVED -> Promise.LEAVE;
            case MINTED, BROKEN -> Promise.ONE_TOKEN;
            case OVER -> ended;
        };
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
                Promise.QUORUM,
                "the decision names votes that were not cast for it");
        return named;
    }
}

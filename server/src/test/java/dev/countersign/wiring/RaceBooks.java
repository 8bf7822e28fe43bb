package dev.countersign.wiring;

import dev.countersign.approval.Ballot;
import dev.countersign.approval.Outcome;
import dev.countersign.approval.Permit;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Member;
import dev.countersign.wiring.Race.Operation;
import dev.countersign.wiring.Race.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Compares rows, ledger and what the two were told after a race. Entries must have got their places before.
final class RaceBooks {
    /// Which states an entry may lead to from where.
    private static final Map<String, List<String>> STEPS = Map.of(
            "", List.of("made"),
            "made", List.of("pending"),
            "pending", List.of("pending", "approved", "denied", "expired", "cancelled"),
            "approved", List.of("redeemed", "expired", "cancelled", "revoked"),
            "redeemed", List.of("redeemed", "revoked"));

    private final TestGate gate;
    private final String id;
    private final Start start;
    private final List<Operation> operations;
    private final Schedules.Run run;
    private final List<String> faults = new ArrayList<>();

    private RaceBooks(TestGate gate, String id, Start start, List<Operation> operations, Schedules.Run run) {
        this.gate = gate;
        this.id = id;
        this.start = start;
        this.operations = operations;
        this.run = run;
    }

    /// What is wrong; empty when nothing is.
    static List<String> faults(TestGate gate, Race race, Start start, List<Operation> operations, Schedules.Run run) {
        var books = new RaceBooks(gate, race.id(), start, operations, run);
        books.check();
        return List.copyOf(books.faults);
    }

    private void check() {
        var ledger = gate.parts().installation.ledger;
        var entries = ledger.entriesOf(id);
        answersAreAnswers();
        rowAndLedgerAgree(entries);
        votesAreTold(entries);
        takenBackIsTold(entries);
        tokensAreTold(entries);
        nothingIsGivenAfterItWasStopped();
    }

    private void answersAreAnswers() {
        for (var answer : run.answers()) {
            unless(!(answer instanceof Throwable), "it ended in " + answer);
        }
    }

    private void rowAndLedgerAgree(List<EntryView> entries) {
        var state = "";
        var last = Optional.<LeafHash>empty();
        for (var entry : entries) {
            var next = next(state, entry);
            unless(
                    STEPS.getOrDefault(state, List.of()).contains(next),
                    entry.code().wire() + " after " + state);
            unless(entry.previous().equals(last), entry.code().wire() + " does not follow the entry before it");
            state = next;
            last = Optional.of(entry.hash());
        }
        var row = gate.parts()
                .installation
                .store
                .read(tx -> gate.parts().approvals.find(tx, id))
                .orElseThrow();
        unless(
                row.approval().state().equals(state),
                "its row is " + row.approval().state() + ", its ledger " + state);
        unless(Optional.of(row.lastLeaf()).equals(last), "its row does not know its last entry");
        unless(count("vote") == codes(entries, "request.voted"), "votes and their entries differ");
        unless(row.approval().heard().size() == count("vote"), "votes and their rows differ");
        unless(count("mint") == codes(entries, "token.minted"), "mints and their entries differ");
        unless(codes(entries, "request.decided") <= 1, "it was decided more than once");
        unless(codes(entries, "token.minted") <= 1, "it was minted more than once");
    }

    private static String next(String state, EntryView entry) {
        return switch (entry.code()) {
            case REQUEST_MADE -> "made";
            case REQUEST_JUDGED -> "pending";
            case REQUEST_VOTED -> state.equals("pending") ? state : "voted";
            case REQUEST_DECIDED -> state.equals("pending") ? entry.text(Member.OUTCOME) : "decided";
            case REQUEST_ENDED -> entry.text(Member.OUTCOME);
            case TOKEN_MINTED -> state.equals("approved") ? "redeemed" : "minted";
            case TOKEN_REDELIVERED -> state.equals("redeemed") ? state : "redelivered";
            default -> entry.code().wire();
        };
    }

    private long count(String table) {
        return gate.parts()
                .installation
                .store
                .read(tx -> tx.sql()
                        .createQuery("SELECT COUNT(*) FROM " + table + " WHERE approval_id = :id")
                        .bind("id", id)
                        .mapTo(Long.class)
                        .one());
    }

    private static long codes(List<EntryView> entries, String code) {
        return entries.stream().filter(it -> it.code().wire().equals(code)).count();
    }

    private void votesAreTold(List<EntryView> entries) {
        Race.VOTERS.forEach((operation, user) -> {
            var person = gate.parts().installation.people.find("local", user).orElseThrow();
            long written = entries.stream()
                    .filter(it -> it.code().wire().equals("request.voted")
                            && it.actor().id().equals(person.id().value()))
                    .count();
            long before = user.equals("cy") && start.compareTo(Start.APPROVED) >= 0 ? 1 : 0;
            long told = told(operation).stream()
                    .filter(Ballot.Result.Counted.class::isInstance)
                    .count();
            unless(written == before + told, user + "'s vote was told " + told + " times and stands " + written);
        });
    }

    private void takenBackIsTold(List<EntryView> entries) {
        long cancelled = entries.stream()
                .filter(it -> it.text(Member.OUTCOME).equals(Member.CANCELLED))
                .count();
        long revoked = entries.stream()
                .filter(it -> it.text(Member.OUTCOME).equals(Member.REVOKED)
                        && it.actor().equals(Race.OPERATOR))
                .count();
        unless(
                cancelled == yeses(Operation.CANCEL) + yeses(Operation.CARELESS_CANCEL),
                "cancelled " + cancelled + " times");
        unless(revoked == yeses(Operation.REVOKE), "revoked " + revoked + " times");
        boolean dead = revoked == 1 && codes(entries, "token.minted") == 1;
        var token = entries.stream()
                .filter(it -> it.code().wire().equals("token.minted"))
                .map(it -> it.text(Member.JTI))
                .findFirst();
        boolean known = gate.parts()
                .installation
                .store
                .read(tx -> token.isPresent()
                        && tx.sql()
                                .createQuery("SELECT COUNT(*) FROM revocation WHERE token_id = :token")
                                .bind("token", token.get())
                                .mapTo(Long.class)
                                .one()
                                .equals(1L));
        unless(dead == known, "its token is " + (known ? "" : "not ") + "among the dead");
    }

    private void tokensAreTold(List<EntryView> entries) {
        var permits = operations.contains(Operation.PASS) ? List.<Permit>of() : permits();
        long before = start == Start.REDEEMED ? 1 : 0;
        long written = codes(entries, "token.minted") + codes(entries, "token.redelivered");
        unless(written == before + permits.size(), "told of " + permits.size() + " tokens, written " + written);
        for (var permit : permits) {
            unless(
                    entries.stream()
                            .anyMatch(it -> it.code().wire().equals("token.minted")
                                    && it.text(Member.JTI).equals(permit.tokenId)),
                    "a token that nobody minted");
        }
    }

    private List<Permit> permits() {
        return run.answers().stream()
                .filter(Outcome.Go.class::isInstance)
                .map(it -> ((Outcome.Go) it).permit())
                .toList();
    }

    /// Who was told that it is stopped relies on it from that moment.
    private void nothingIsGivenAfterItWasStopped() {
        for (int i = 0; i < 2; i++) {
            char given = i == 0 ? 'B' : 'A';
            boolean stopped = switch (operations.get(i)) {
                case FREEZE, REVOKE, CANCEL, CARELESS_CANCEL ->
                    run.answers().get(i).equals(true);
                case DENY -> run.answers().get(i) instanceof Ballot.Result.Counted;
                default -> false;
            };
            if (stopped && run.answers().get(1 - i) instanceof Outcome.Go) {
                unless(
                        run.effect(given) < run.ended().get(i),
                        "a token was given after " + operations.get(i) + " was answered");
            }
        }
    }

    private List<Object> told(Operation operation) {
        var told = new ArrayList<Object>();
        for (int i = 0; i < operations.size(); i++) {
            if (operations.get(i) == operation) {
                told.add(run.answers().get(i));
            }
        }
        return told;
    }

    private long yeses(Operation operation) {
        return told(operation).stream().filter(Boolean.TRUE::equals).count();
    }

    private void unless(boolean right, String fault) {
        if (!right) {
            faults.add(fault);
        }
    }
}

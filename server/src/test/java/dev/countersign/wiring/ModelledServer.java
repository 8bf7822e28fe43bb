package dev.countersign.wiring;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.Vote;
import dev.countersign.config.Live;
import dev.countersign.ledger.Entry;
import dev.countersign.wiring.Command.Word;
import dev.countersign.wiring.TestGate.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/// A server that does what a [Model] does, over the wire where clients do it, and answers in the same words.
final class ModelledServer implements AutoCloseable {
    private static final String POLICIES = """
            policies:
              - { rule: reads, when: risk == LOW, approve: { lifetime: 60s } }
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, lifetime: 2m }
              - rule: big-money
                when: '"refunds:write" in scopes && "refunds:read" in scopes'
                review: { stages: [ { group: security, votes: 1 } ], within: 15m, lifetime: 2m }
            """;
    private static final Entry.Actor OPERATOR = new Entry.Actor("operator", "model");

    private final TestGate gate;
    private final String configuration;
    private final TestKey key = new TestKey();
    private final TestKey other = new TestKey();
    private final List<String> requests = new ArrayList<>();
    private final List<String> codes = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private int configurations;
    private int groups;
    private long refusals;

    ModelledServer(Path folder) {
        // Nobody can decide while only an owner is on call, and that is what some sequences are about.
        ((Logger) LoggerFactory.getLogger(Live.class)).setLevel(Level.ERROR);
        gate = new TestGate(folder, POLICIES);
        configuration = gate.read("countersign.yaml");
        gate.parts().housekeeping.close(); // what it does is done when time passes
        gate.clock.advance(Duration.ofSeconds(10));
    }

    /// Forgets what was: nothing is open, nothing was denied lately, everybody is back in their groups.
    void begin() {
        lift(true);
        lift(false);
        pass(1_200);
        pass(1_200);
        if (groups != 0) {
            regroup(0);
        }
        requests.clear();
        codes.clear();
        ids.clear();
        tokens.clear();
        refusals = refusals();
    }

    /// Does it and gives back what is answered.
    ///
    /// @param model has not done it yet, and says what it speaks of
    String run(Command command, Model model) {
        return switch (command) {
            case Command.Ask it -> told(ask(it), it.deferred());
            case Command.Again it -> model.requests() == 0 ? "" : told(ask(model.asked(it.request())), false);
            case Command.Read it -> told(gate.ask(it.client(), "scope", "refunds:read"), false);
            case Command.Vote it ->
                model.requests() == 0 ? "" : vote(requests.get(Model.latest(model.requests(), it.request())), it);
            case Command.Poll it -> model.codes() == 0 ? "" : poll(Model.latest(model.codes(), it.code()), it, model);
            case Command.Cancel it ->
                model.codes() == 0 ? "" : cancel(Model.latest(model.codes(), it.code()), it, model);
            case Command.TakeBack it ->
                model.requests() == 0
                        ? ""
                        : Boolean.toString(gate.parts()
                                .panel
                                .revoke(requests.get(Model.latest(model.requests(), it.request())), OPERATOR, "model"));
            case Command.EndToken it -> model.tokens() == 0 ? "" : end(Model.latest(model.tokens(), it.token()), model);
            case Command.Wait it -> pass(it.seconds());
            case Command.Freeze it ->
                Boolean.toString(gate.parts().freezes.set(kind(it.all()), target(it.all()), "model", OPERATOR));
            case Command.Lift it -> Boolean.toString(lift(it.all()));
            case Command.Regroup it -> regroup(it.groups());
        };
    }

    /// How everything stands, as [Model#stand] says it.
    List<String> stand() {
        var ledger = gate.parts().installation.ledger;
        ledger.settle();
        var all = new ArrayList<String>();
        for (var id : requests) {
            var entries =
                    ledger.entriesOf(id).stream().map(it -> it.code().wire()).toList();
            all.add(gate.approval(id).state() + " " + entries);
        }
        all.add((refusals() - refusals) + " refused");
        return all;
    }

    private long refusals() {
        gate.parts().installation.ledger.settle();
        return gate.parts()
                .installation
                .store
                .read(tx -> tx.sql()
                        .createQuery("SELECT COUNT(*) FROM ledger_refusal")
                        .mapTo(Long.class)
                        .one());
    }

    private Answer ask(Command.Ask ask) {
        var form = new ArrayList<>(List.of(
                "grant_type",
                "client_credentials",
                "scope",
                ask.both() ? "refunds:read refunds:write" : "refunds:write"));
        if (ask.lifetime() > 0) {
            form.addAll(List.of("requested_lifetime", Integer.toString(ask.lifetime())));
        }
        if (ask.deferred()) {
            form.addAll(List.of("completion_mode", "deferred"));
        }
        var headers = ask.bound() ? key.proof(gate, "/token") : Map.<String, String>of();
        return gate.post("/token", ask.client(), headers, form.toArray(String[]::new));
    }

    private String told(Answer answer, boolean deferred) {
        if (answer.status() == 200) {
            var id = String.valueOf(answer.claims().get("jti"));
            if (!ids.contains(id)) {
                ids.add(id);
                tokens.add(answer.text("access_token"));
            }
            return "token " + ids.indexOf(id) + " for "
                    + answer.body().path("expires_in").asInt(0) + " s";
        }
        boolean waits = (deferred && answer.error().equals("authorization_pending"))
                || answer.text("error_description").startsWith("approval is pending");
        if (!waits) {
            return answer.error();
        }
        if (deferred) {
            codes.add(answer.text("deferral_code"));
        }
        if (!requests.contains(answer.reference())) {
            requests.add(answer.reference());
        }
        return answer.error() + " " + requests.indexOf(answer.reference());
    }

    private String vote(String id, Command.Vote vote) {
        var ask = gate.approval(id).question().ask();
        var narrowed = switch (vote.word()) {
            case NARROW -> Optional.of(new Allowance(ask.scopes(), ask.details(), Duration.ofSeconds(30)));
            case WIDEN -> Optional.of(new Allowance(ask.scopes(), ask.details(), Duration.ofHours(1)));
            case APPROVE, DENY -> Optional.<Allowance>empty();
        };
        var word = vote.word() == Word.DENY ? Vote.Word.DENY : Vote.Word.APPROVE;
        return switch (gate.says(vote.person(), word, id, narrowed)) {
            case Ballot.Result.Counted(var now) -> "Counted " + now.state();
            case Ballot.Result.NotPending(var now) -> "NotPending " + now.state();
            case Ballot.Result.AlreadyVoted() -> "AlreadyVoted";
            case Ballot.Result.NotEligible _ -> "NotEligible";
            case Ballot.Result.Wider _ -> "Wider";
            case Ballot.Result.Unsigned _ -> "Unsigned";
            case Ballot.Result.Stale() -> "Stale";
            case Ballot.Result.NotSigned _ -> "NotSigned";
            case Ballot.Result.Unknown() -> "Unknown";
        };
    }

    private String poll(int code, Command.Poll poll, Model model) {
        return told(
                gate.post(
                        "/token",
                        client(model.clientOf(code), poll.foreign()),
                        proof("/token", poll.key(), model.bound(code)),
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:deferred",
                        "deferral_code",
                        codes.get(code)),
                false);
    }

    private String cancel(int code, Command.Cancel cancel, Model model) {
        return gate.post(
                        "/revoke",
                        client(model.clientOf(code), cancel.foreign()),
                        proof("/revoke", cancel.key(), model.bound(code)),
                        "token",
                        codes.get(code))
                .error();
    }

    private String end(int token, Model model) {
        return gate.post("/revoke", model.clientOfToken(token), "token", tokens.get(token))
                .error();
    }

    private static String client(String of, boolean foreign) {
        return of.equals("refund-bot") == foreign ? "other-bot" : "refund-bot";
    }

    private Map<String, String> proof(String path, Command.Key with, boolean bound) {
        return switch (with) {
            case RIGHT -> bound ? key.proof(gate, path) : Map.of();
            case NONE -> Map.of();
            case OTHER -> other.proof(gate, path);
        };
    }

    private String pass(int seconds) {
        gate.clock.advance(Duration.ofSeconds(seconds));
        while (gate.parts().panel.expireDue(100) == 100) {
            // there is more
        }
        return "";
    }

    private boolean lift(boolean all) {
        return gate.parts().freezes.lift(kind(all), target(all), OPERATOR);
    }

    private static Freezes.Kind kind(boolean all) {
        return all ? Freezes.Kind.ALL : Freezes.Kind.CLIENT;
    }

    private static String target(boolean all) {
        return all ? "*" : "refund-bot";
    }

    private String regroup(int to) {
        pass(1);
        groups = to;
        var now = Command.GROUPS.get(to);
        gate.configure(
                "countersign.yaml",
                configuration
                        .replace("members: [ana, bo, dev]", "members: " + now.get(0))
                        .replace("members: [cy, ana]", "members: " + now.get(1))
                        .replace("name: Refund bot", "name: Refund bot " + ++configurations)); // never one that was
        return pass(1);
    }

    @Override
    public void close() {
        gate.close();
    }
}

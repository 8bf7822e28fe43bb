package dev.countersign.wiring;

import dev.countersign.PausePoints;
import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Burden;
import dev.countersign.approval.Careless;
import dev.countersign.approval.Eligibility;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.Gate;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Judge;
import dev.countersign.approval.Outcome;
import dev.countersign.approval.Standing;
import dev.countersign.approval.Vote.Word;
import dev.countersign.approval.Waiters;
import dev.countersign.ledger.Entry;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Scopes;
import dev.countersign.store.Ids;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// One request that two operations want something of.
final class Race {
    static final String POLICIES = """
            policies:
              - { rule: reads, when: risk == LOW, approve: { lifetime: 60s } }
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review:
                  stages: [ { group: payments-oncall, votes: 1 }, { group: security, votes: 1 } ]
                  within: 15m
                  lifetime: 5m
            """;
    static final Entry.Actor OPERATOR = new Entry.Actor("operator", "race");

    private static final Duration MOMENT = Duration.ofSeconds(2);

    /// Where the request stands when the two begin: nobody has voted; all but one; it can be collected; it was.
    enum Start {
        PENDING,
        ALMOST,
        APPROVED,
        REDEEMED
    }

    /// What may be done to it; the last is wrong on purpose. Bo's vote is there from [Start#ALMOST] on.
    enum Operation {
        APPROVE,
        DENY,
        DECIDE,
        COLLECT,
        FETCH,
        JOIN,
        REVOKE,
        EXPIRE,
        CANCEL,
        FREEZE,
        PASS,
        CARELESS_CANCEL
    }

    static final Map<Operation, String> VOTERS =
            Map.of(Operation.APPROVE, "ana", Operation.DENY, "eve", Operation.DECIDE, "cy");

    private final TestGate gate;
    private final AccessRequest request;

    /// @param n no two races are about the same
    Race(TestGate gate, int n, Start start) {
        this.gate = gate;
        this.request = request(
                "refunds:read refunds:write", "[{\"amount\":" + n + ",\"currency\":\"EUR\",\"type\":\"refund\"}]");
        gate.parts().gate.settle(gate.parts().judge.judge(inForce(), request), Optional.empty());
        if (start != Start.PENDING) {
            gate.says("bo", Word.APPROVE, id());
        }
        if (start == Start.APPROVED || start == Start.REDEEMED) {
            gate.says("cy", Word.APPROVE, id());
        }
        if (start == Start.REDEEMED) {
            gate.parts().gate.collect(id());
        }
    }

    private InForce inForce() {
        return new Effective(gate.parts().live).get();
    }

    private AccessRequest request(String scopes, String details) {
        return new AccessRequest(
                Ids.next(),
                "refund-bot",
                "refund-bot",
                TestGate.PAYMENTS,
                Scopes.parse(scopes),
                new AuthorizationDetails(details),
                Optional.empty(),
                "",
                "",
                "",
                new AccessRequest.Origin("client_secret_basic", "1", "127.0.0.1", "network", "agent", "agent"),
                gate.clock.instant());
    }

    /// Lets time pass until a moment before nobody decided or collected it in time.
    void waitUntilNearly(Start start) {
        gate.clock.advance(
                switch (start) {
                    case PENDING, ALMOST -> Duration.ofMinutes(15).minus(MOMENT);
                    case APPROVED -> Duration.ofMinutes(10).minus(MOMENT);
                    case REDEEMED -> Duration.ZERO;
                });
    }

    String id() {
        return request.id();
    }

    /// Does it, and gives back what whoever asked is told.
    Object run(Operation operation) {
        var parts = gate.parts();
        return switch (operation) {
            case APPROVE, DECIDE -> vote(operation, Word.APPROVE);
            case DENY -> vote(operation, Word.DENY);
            case COLLECT -> {
                var seen = parts.gate.look(id());
                PausePoints.reached("looked");
                yield seen instanceof Outcome.Ready ? parts.gate.collect(id()) : seen;
            }
            case FETCH -> parts.gate.fetch(id());
            case JOIN -> {
                var again =
                        request("refunds:read refunds:write", request.details().canonical());
                yield settle(again);
            }
            case REVOKE -> parts.panel.revoke(id(), OPERATOR, "raced");
            case EXPIRE -> {
                gate.clock.advance(MOMENT.multipliedBy(2));
                yield parts.panel.expireDue(10);
            }
            case CANCEL -> parts.panel.cancel(id(), OPERATOR);
            case CARELESS_CANCEL ->
                Careless.cancel(parts.installation.store, parts.installation.ledger, parts.approvals, id(), OPERATOR);
            case FREEZE -> parts.freezes.set(Freezes.Kind.CLIENT, "refund-bot", "raced", OPERATOR);
            case PASS -> settle(request("refunds:read", "[]"));
        };
    }

    /// At a node of its own: what is asked at one node at the same time is asked together, with nothing in between.
    private Outcome settle(AccessRequest request) {
        var parts = gate.parts();
        var judge = new Judge(
                new Effective(parts.live),
                parts.profiles,
                parts.installation.store,
                parts.approvals,
                new Standing(),
                parts.counting,
                parts.sources);
        var node = new Gate(
                parts.installation.store,
                parts.installation.ledger,
                parts.approvals,
                parts.freezes,
                parts.revocations,
                parts.handles,
                new Eligibility(parts.installation.memberships, parts.installation.absences),
                judge,
                new Waiters(),
                new Standing(),
                new Burden(),
                parts.counting,
                parts.signatures,
                gate.clock);
        return node.settle(judge.judge(inForce(), request), Optional.empty()).outcome();
    }

    private Ballot.Result vote(Operation operation, Word word) {
        return gate.says(VOTERS.getOrDefault(operation, ""), word, id());
    }
}

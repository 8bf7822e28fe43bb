package dev.countersign.approval;

import dev.countersign.client.Client;
import dev.countersign.people.PersonId;
import dev.countersign.policy.Verdict;
import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Tells what would become of a request before it is made: nobody is asked, no source either, and nothing is written.
///
/// For those who own the client and for administrators. A client is not told: whoever stole its secret could try out
/// what passes, and leave no trace.
public final class Foresight {
    private final Store store;
    private final Judge judge;
    private final Gate gate;
    private final Desk desk;
    private final Eligibility eligibility;
    private final Alternatives alternatives;
    private final Supplier<InForce> inForce;

    public Foresight(
            Store store,
            Judge judge,
            Gate gate,
            Desk desk,
            Eligibility eligibility,
            Alternatives alternatives,
            Supplier<InForce> inForce) {
        this.store = store;
        this.judge = judge;
        this.gate = gate;
        this.desk = desk;
        this.eligibility = eligibility;
        this.alternatives = alternatives;
        this.inForce = inForce;
    }

    /// What a client would ask for, as its token request would have it.
    ///
    /// @param resource empty for the only one the client has
    /// @param details as JSON; empty for none
    public record Thought(
            String client,
            Optional<String> resource,
            String scope,
            String details,
            Optional<Duration> lifetime,
            String reason,
            String ticket,
            Optional<Instant> start) {}

    /// What would become of it.
    ///
    /// @param hindrance why it would be refused at once; empty when it would not be
    /// @param outlook whom it would wait for; empty when it would wait for nobody
    /// @param instead what smaller request would get further
    public record Foreseen(
            Judged judged, Optional<Because> hindrance, Optional<Outlook> outlook, List<Alternative> instead) {}

    /// The registered client of that id; empty when there is none.
    public Optional<Client> client(String id) {
        return Optional.ofNullable(inForce.get().clients().get(id));
    }

    /// Whether a person belongs to those who own a client.
    public boolean owns(PersonId person, Client client) {
        return store.read(tx -> eligibility.isMember(tx, person, client.owner(), tx.now()));
    }

    /// Looks ahead.
    ///
    /// @throws dev.countersign.oauth.Refusal when it lies outside of the client's registration
    public Foreseen of(Thought thought, Client client) {
        var now = inForce.get();
        var asked = Requested.of(now, client, thought.resource(), thought.scope(), thought.details());
        var request = new AccessRequest(
                Ids.next(),
                client.id(),
                client.id(),
                asked.resource().id(),
                asked.scopes(),
                asked.details(),
                thought.lifetime(),
                thought.reason(),
                thought.ticket(),
                "",
                new AccessRequest.Origin(client.auth().wire(), "", "", "", "", ""),
                store.look(tx -> tx.now()),
                thought.start());
        var judged = judge.foresee(now, request, client.dpopRequired());
        var hindrance = judged.observed().isPresent() ? Optional.<Because>empty() : gate.foreseen(judged);
        var outlook = judged.observed().isEmpty() && judged.verdict() instanceof Verdict.Review review
                ? Optional.of(desk.outlook(request, review, judged.risk(), client.owner()))
                : Optional.<Outlook>empty();
        return new Foreseen(
                judged, hindrance, outlook, judged.observed().isPresent() ? List.of() : alternatives.insteadOf(judged));
    }
}

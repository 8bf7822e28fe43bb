package dev.countersign.approval;

import dev.countersign.client.Client;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import dev.countersign.usage.Profiles;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A way back for a client that was not used for long: somebody of its owner proposes to attest that it is
/// still needed, somebody else agrees, and then policy may put its next request before people instead of
/// denying it.
///
/// It is an access request like any other, through the same gate, so that nobody agrees to their own, silence is a no,
/// and all of it is in the ledger.
public final class Attesting {
    private static final Logger log = LoggerFactory.getLogger(Attesting.class);
    private static final int AT_ONCE = 100;

    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Freezes freezes;
    private final Eligibility eligibility;
    private final Profiles profiles;
    private final Gate gate;
    private final Supplier<InForce> inForce;
    private final String issuer;
    private final InstantSource clock;

    public Attesting(
            Store store,
            Ledger ledger,
            Approvals approvals,
            Freezes freezes,
            Eligibility eligibility,
            Profiles profiles,
            Gate gate,
            Supplier<InForce> inForce,
            String issuer,
            InstantSource clock) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
        this.freezes = freezes;
        this.eligibility = eligibility;
        this.profiles = profiles;
        this.gate = gate;
        this.inForce = inForce;
        this.issuer = issuer;
        this.clock = clock;
    }

    /// What comes of a proposal.
    public sealed interface Result {
        /// Somebody of that group has to agree.
        ///
        /// @param request the access request's id
        record Asked(String request, String group) implements Result {}

        /// There is no such client.
        record Unknown() implements Result {}

        /// Who proposes it does not belong to the group that owns the client.
        record NotOwner(String owner) implements Result {}

        /// As things stand there is nothing to propose, and why.
        record Pointless(String said) implements Result {}

        /// It was refused at once, and why.
        record Refused(String said) implements Result {}
    }

    /// Asks others to agree that a client is still needed.
    public Result propose(String id, Asker by) {
        var now = inForce.get();
        var client = now.clients().get(id);
        if (client == null) {
            return new Result.Unknown();
        }
        var request = Attestation.request(
                issuer, client, by.person().value(), by.reason(), by.ticket(), by.origin(), clock.instant());
        var against = store.read(tx -> against(tx, client, request, by));
        return against.orElseGet(() -> switch (gate.settle(Judge.attestation(now, request, client), use(client.id()))) {
            case Outcome.Wait(var asked, _) ->
                new Result.Asked(asked, client.attest().by());
            case Outcome.Ready(var asked) ->
                new Result.Asked(asked, client.attest().by());
            case Outcome.Go _ -> new Result.Pointless("this client is attested already");
            case Outcome.No(_, var said) -> new Result.Refused(said);
        });
    }

    private Optional<Result> against(Tx tx, Client client, AccessRequest request, Asker by) throws SQLException {
        if (!eligibility.isMember(tx, by.person(), client.owner(), request.madeAt())) {
            return Optional.of(new Result.NotOwner(client.owner()));
        }
        if (client.disabled()) {
            return pointless("this client is disabled: publish a configuration that enables it first");
        }
        if (freezes.stops(tx, client.id(), "")) {
            return pointless("this client is frozen: have that lifted first, and then attest it");
        }
        var attested = profiles.attested(client.id(), request.madeAt());
        if (attested.isPresent()) {
            return pointless(
                    "this client is attested already, until " + attested.get().until());
        }
        return approvals
                .open(tx, Attestation.CLIENT, request.resource())
                .flatMap(
                        it -> pointless("somebody has proposed that already, and others have to agree: request " + it));
    }

    private static Optional<Result> pointless(String said) {
        return Optional.of(new Result.Pointless(said));
    }

    /// Attests what was agreed to, whichever node it was proposed or agreed to at. What cannot be any more
    /// ends, with the reason.
    public void finish() {
        var agreed = new Approvals.Filter(List.of("approved"), Attestation.CLIENT, Optional.empty(), "", "");
        for (var row : store.read(tx -> approvals.list(tx, agreed, AT_ONCE))) {
            var id = row.approval().id();
            Attestation.of(row.approval().question().request()).ifPresent(client -> {
                try {
                    var outcome = gate.use(id, use(client));
                    log.info(
                            "{} was agreed to be still needed by request {}: {}",
                            client,
                            id,
                            outcome.said("it is attested"));
                } catch (RuntimeException later) {
                    log.warn("{} is not attested yet by request {}, and will be tried again", client, id, later);
                }
            });
        }
    }

    private AttestationUse use(String client) {
        return new AttestationUse(ledger, freezes, client);
    }
}

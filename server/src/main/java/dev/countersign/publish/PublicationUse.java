package dev.countersign.publish;

import dev.countersign.approval.Administration;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Permit;
import dev.countersign.approval.Publications;
import dev.countersign.approval.Use;
import dev.countersign.config.Configuration;
import dev.countersign.config.Configurations;
import dev.countersign.config.Hashes;
import dev.countersign.config.Live;
import dev.countersign.config.Onto;
import dev.countersign.config.Published;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.LeafHash;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A permit to put one configuration in force in the place of one other, used in the transaction that makes it.
final class PublicationUse implements Use {
    private final Configurations configurations;
    private final Publications publications;
    private final Live live;
    private final Configuration candidate;
    private final String base;
    private final AuthorizationDetails asked;
    private final String shown;
    private @Nullable Published published;

    PublicationUse(
            Configurations configurations,
            Publications publications,
            Live live,
            Configuration candidate,
            String base,
            AuthorizationDetails asked,
            String shown) {
        this.configurations = configurations;
        this.publications = publications;
        this.live = live;
        this.candidate = candidate;
        this.base = base;
        this.asked = asked;
        this.shown = shown;
    }

    /// What came of it, once it was used.
    Published published() {
        return Objects.requireNonNull(published, "it was used");
    }

    @Override
    public void asked(Tx tx, String id) {
        publications.add(tx, new Publications.Publication(id, candidate.version(), candidate.content(), base, shown));
    }

    @Override
    public Optional<String> briefing() {
        return Optional.of(Hashes.sha256(shown));
    }

    @Override
    public Optional<String> against(Tx tx, Allowance granted) throws SQLException {
        if (!granted.scopes().contains(Administration.PUBLISH)
                || !granted.details().equals(asked)) {
            return Optional.of(
                    "a configuration comes into force as it is or not at all, and something was taken from it");
        }
        Configurations.takeTurn(tx);
        return configurations.against(tx, candidate, onto()).map(PublicationUse::said);
    }

    private static String said(Published instead) {
        return switch (instead) {
            case Published.Unchanged _ -> "this configuration is in force already";
            case Published.Stale it ->
                "another configuration came into force meanwhile: it was made from " + it.base() + ", and in force is "
                        + it.inForce().hash();
            case Published.Done _, Published.Superseded _, Published.Governed _ -> instead.toString();
        };
    }

    @Override
    public LeafHash used(Tx tx, Permit permit) throws SQLException {
        var by = new Entry.Actor("person", permit.request.subject());
        var outcome = configurations.publish(tx, candidate, by, onto(), permit);
        if (!(outcome instanceof Published.Done(var version))) {
            throw new IllegalStateException("it was looked at and holds: " + outcome);
        }
        if (publications.find(tx, permit.request.id()).isEmpty()) {
            asked(tx, permit.request.id());
        }
        publications.published(tx, permit.request.id(), version.number());
        tx.afterCommit(() -> live.hold(version, candidate));
        published = outcome;
        return permit.approved.entry();
    }

    private Onto onto() {
        return new Onto(Optional.of(base), true);
    }
}

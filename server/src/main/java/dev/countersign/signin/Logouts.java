package dev.countersign.signin;

import dev.countersign.ledger.Entry;
import dev.countersign.oauth.Sha256;
import dev.countersign.people.SignOuts;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends sessions when their provider says so: OpenID Connect Back-Channel Logout 1.0.
public final class Logouts {
    private static final Logger log = LoggerFactory.getLogger(Logouts.class);

    private final SignOuts signOuts;
    private final Discovery discovery;
    private final SpentOnce spent;
    private final InstantSource clock;

    /// Spends a value of a kind as a part of a transaction.
    @FunctionalInterface
    public interface SpentOnce {
        /// False when it was spent before.
        boolean spend(Tx tx, String kind, String value, Instant until) throws SQLException;
    }

    Logouts(SignOuts signOuts, Discovery discovery, SpentOnce spent, InstantSource clock) {
        this.signOuts = signOuts;
        this.discovery = discovery;
        this.spent = spent;
        this.clock = clock;
    }

    /// What came of a logout token.
    public sealed interface Heard {
        /// Its sessions are over, be there any or none.
        record Done(int ended) implements Heard {}

        /// It is not to be believed, or was said before.
        record Refused() implements Heard {}

        /// Whether it is cannot be told now.
        record Unknown() implements Heard {}
    }

    /// Hears one. Blocks while the provider is asked for its keys.
    public Heard hear(Provider provider, String token) {
        try {
            var jws = LogoutTokenCheck.read(token);
            if (!discovery.keys(provider, jws).signed(jws)) {
                throw new Failed(Failure.UNTRUSTED, "it is signed by no key of the provider's");
            }
            var said = new LogoutTokenCheck(provider, clock.instant()).accept(jws);
            var value = Sha256.ofAll(provider.issuer(), said.id());
            var ended = signOuts.endProvided(
                    provider.issuer(),
                    said.subject(),
                    said.session(),
                    tx -> spent.spend(tx, "logout-token", value, said.until()),
                    new Entry.Actor("system", "provider " + provider.id()));
            if (ended.isEmpty()) {
                throw new Failed(Failure.UNTRUSTED, "it was said before");
            }
            return new Heard.Done(ended.get());
        } catch (Failed failed) {
            log.warn("logout by {}: {}", provider.id(), failed.because());
            return switch (failed.failure) {
                case AWAY, BUSY -> new Heard.Unknown();
                case LOST, REFUSED, MISCONFIGURED, UNTRUSTED, CLOCK, STALE, NOBODY -> new Heard.Refused();
            };
        }
    }
}

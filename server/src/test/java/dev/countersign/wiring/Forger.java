package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.Verification;
import dev.countersign.passkey.Assertion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A server that lies, or whoever has its ledger's key: what they write, and whether it is found.
final class Forger {
    private final TestGate gate;

    Forger(TestGate gate) {
        this.gate = gate;
    }

    /// What was written of a request last.
    LeafHash last(String request) {
        gate.parts().installation.ledger.settle();
        return gate.parts().installation.ledger.entriesOf(request).getLast().hash();
    }

    /// An entry that follows what was written of its request last.
    void append(Code code, Entry.Actor actor, @Nullable String request, Map<String, Object> body) {
        append(code, actor, request, Optional.ofNullable(request).map(this::last), null, body);
    }

    void append(
            Code code,
            Entry.Actor actor,
            @Nullable String request,
            Optional<LeafHash> previous,
            @Nullable String terms,
            Map<String, Object> body) {
        var ledger = gate.parts().installation.ledger;
        var entry = new Entry(
                code,
                gate.clock.instant(),
                actor,
                Optional.ofNullable(request),
                previous,
                Optional.ofNullable(terms),
                body,
                List.of());
        gate.parts().installation.store.write(tx -> ledger.append(tx, entry));
        ledger.settle();
    }

    /// The members of an entry that say how it was signed.
    static Map<String, Object> signature(Assertion it, String shown) {
        return Map.of(
                Member.SIGNATURE,
                Map.of(
                        Member.CREDENTIAL, it.credential(),
                        Member.CLIENT_DATA, it.clientData(),
                        Member.AUTHENTICATOR_DATA, it.authenticatorData(),
                        Member.SIGNATURE, it.signature(),
                        Member.SHOWN, shown));
    }

    /// The verifier says this of it.
    void found(String said) {
        assertThat(gate.verify()).isInstanceOfSatisfying(Verification.Bad.class, bad -> {
            assertThat(bad.fault()).isEqualTo(Verification.Fault.UNJUSTIFIED);
            assertThat(bad.said()).contains(said);
        });
        gate.broken(); // nobody looks again at what is broken on purpose
    }
}

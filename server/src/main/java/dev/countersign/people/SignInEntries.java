package dev.countersign.people;

import dev.countersign.http.Prefix;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.Tx;
import java.net.InetAddress;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What the ledger has of ways in, whichever they are. Nothing personal stands in an entry but as a disclosure.
final class SignInEntries {
    /// Who says so where nobody came in.
    static final Entry.Actor SERVER = new Entry.Actor("system", "sign-in");

    private final Ledger ledger;

    SignInEntries(Ledger ledger) {
        this.ledger = ledger;
    }

    /// The network somebody came from, as its keyed hash.
    String network(InetAddress from) {
        return ledger.keyedHash("network", Prefix.of(from).text());
    }

    /// A browser's family, as its keyed hash.
    String userAgent(String family) {
        return ledger.keyedHash("user_agent", family);
    }

    /// Somebody came in.
    ///
    /// @param agent the browser's family
    /// @param more what else is disclosed
    void succeeded(
            Tx tx,
            PersonId person,
            InetAddress from,
            String agent,
            Map<String, Object> body,
            List<Entry.Disclosure> more)
            throws SQLException {
        var id = person.value();
        var disclosures = Stream.concat(
                        Stream.of(
                                new Entry.Disclosure(id, "address", from.getHostAddress()),
                                new Entry.Disclosure(id, "user_agent", agent)),
                        more.stream())
                .toList();
        append(tx, Code.PERSON_SIGNED_IN, new Entry.Actor("person", id), body, disclosures);
    }

    /// Nobody came in.
    void failed(Tx tx, Map<String, Object> body, List<Entry.Disclosure> disclosures) throws SQLException {
        append(tx, Code.PERSON_SIGN_IN_FAILED, SERVER, body, disclosures);
    }

    private void append(
            Tx tx, Code code, Entry.Actor actor, Map<String, Object> body, List<Entry.Disclosure> disclosures)
            throws SQLException {
        ledger.append(
                tx,
                new Entry(
                        code,
                        tx.now(),
                        actor,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        body,
                        disclosures));
    }
}

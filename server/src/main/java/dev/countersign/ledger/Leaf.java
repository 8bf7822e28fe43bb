package dev.countersign.ledger;

import dev.countersign.store.Ids;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// An entry ready to be appended: its bytes are made, its disclosures encrypted. Made by [Ledger#seal], which may
/// be outside the transaction, so that the thread that writes has only to insert.
public final class Leaf {
    static final long VERSION = 1;

    /// Far below the 65,535 bytes that fit an entry bundle.
    static final int MOST_BYTES = 16 * 1024;

    private static final int NONCE_BYTES = 16;

    private final EntryView view;
    private final byte[] bytes;
    private final List<About> disclosures;

    /// The disclosures about one subject.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record About(SubjectKey key, List<Salted> disclosures, byte[] sealed) {}

    private Leaf(EntryView view, byte[] bytes, List<About> disclosures) {
        this.view = view;
        this.bytes = bytes;
        this.disclosures = disclosures;
    }

    /// @throws IllegalArgumentException when the entry cannot stand in a leaf, or is too large for one
    static Leaf seal(Entry entry, String node, Function<String, SubjectKey> keys) {
        var salted = new LinkedHashMap<String, List<Salted>>();
        var digests = new ArrayList<String>();
        for (var disclosure : entry.disclosures()) {
            var one = Salted.of(disclosure.name(), disclosure.value());
            salted.computeIfAbsent(disclosure.subject(), _ -> new ArrayList<>()).add(one);
            digests.add(one.digest());
        }
        digests.sort(null); // RFC 9901 §4.2.4.1: their order must not tell which is which
        var at = entry.at().truncatedTo(ChronoUnit.MILLIS);
        var id = Ids.at(entry.at());
        var body = LeafWriter.normal(entry.body());
        var bytes = LeafWriter.write(envelope(entry, node, at, id, body, digests));
        if (bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException("a leaf of " + bytes.length + " bytes is too large");
        }
        var hash = LeafHash.of(Merkle.leafHash(bytes));
        var about = new ArrayList<About>();
        for (var subject : salted.entrySet()) {
            var key = keys.apply(subject.getKey());
            about.add(new About(key, subject.getValue(), key.seal(hash, subject.getValue())));
        }
        var view = new EntryView(
                -1,
                hash,
                entry.code(),
                id,
                at,
                node,
                entry.actor(),
                entry.request(),
                entry.previous(),
                entry.terms(),
                body,
                List.copyOf(digests));
        return new Leaf(view, bytes, about);
    }

    private static Map<String, Object> envelope(
            Entry entry, String node, Instant at, String id, Map<String, Object> body, List<String> digests) {
        var envelope = new TreeMap<String, Object>();
        envelope.put("v", VERSION);
        envelope.put("code", entry.code().wire());
        envelope.put("id", id);
        envelope.put("ts", at.toEpochMilli());
        envelope.put("node", node);
        // So that hashes may be public without a dictionary of likely entries telling what is under them.
        envelope.put("nonce", Ids.secret(NONCE_BYTES));
        envelope.put(
                "actor",
                LeafWriter.normal(
                        Map.of("kind", entry.actor().kind(), "id", entry.actor().id())));
        entry.request().ifPresent(request -> envelope.put("request", request));
        entry.previous().ifPresent(previous -> envelope.put("prev", previous.text()));
        entry.terms().ifPresent(terms -> envelope.put("terms", terms));
        envelope.put("body", body);
        envelope.put("sd", digests);
        return envelope;
    }

    /// The hash that names it, known before it is appended.
    public LeafHash hash() {
        return view.hash();
    }

    /// When it happened that it tells of.
    public Instant time() {
        return view.at();
    }

    byte[] bytes() {
        return bytes.clone();
    }

    List<About> disclosures() {
        return disclosures;
    }

    Optional<String> request() {
        return view.request();
    }

    /// The token it mints; empty when it mints none.
    Optional<String> minted() {
        return view.code() == Code.TOKEN_MINTED ? Optional.of(view.text(Member.JTI)) : Optional.empty();
    }

    /// The client whose request it refuses; empty when it refuses none.
    Optional<String> refused() {
        return view.code() == Code.REQUEST_REFUSED ? Optional.of(view.text(Member.CLIENT)) : Optional.empty();
    }

    /// As it stands in the ledger at that index.
    EntryView at(long index) {
        return new EntryView(
                index,
                view.hash(),
                view.code(),
                view.id(),
                view.at(),
                view.node(),
                view.actor(),
                view.request(),
                view.previous(),
                view.terms(),
                view.body(),
                view.digests());
    }
}

package dev.countersign.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a table wants written: everything of a leaf but what the ledger adds itself (id, node, nonce, salts).
///
/// @param at when it happened, by the store's clock
/// @param request the access request it belongs to; empty for changes of policy, keys and people
/// @param previous the leaf before it of the same request, so that each request is a chain of its own
/// @param terms the digest of the terms it speaks of; empty when it speaks of none
/// @param body what every reader may see: strings, integers, booleans, lists and maps of them, nothing personal
/// @param disclosures what may have to be forgotten one day, hashed into the leaf and encrypted beside it
public record Entry(
        Code code,
        Instant at,
        Actor actor,
        Optional<String> request,
        Optional<LeafHash> previous,
        Optional<String> terms,
        Map<String, Object> body,
        List<Disclosure> disclosures) {

    /// Who did it: `client` and its id, `person` and a pseudonym, `policy` and its version, `system` and what part
    /// of it, `operator` for who holds the server's host.
    public record Actor(String kind, String id) {}

    /// A value that stands in the leaf only as a salted digest (RFC 9901 §4.2.1). `subject` is whose key encrypts
    /// it: deleting that key forgets it.
    public record Disclosure(String subject, String name, String value) {}
}

package dev.countersign.oauth;

/// A key that a request has proved to hold. Made only by [DpopProofs].
public final class DpopProof {
    /// The key's RFC 7638 thumbprint, as tokens carry it in `cnf.jkt` (RFC 9449 §6.1).
    public final String jkt;

    DpopProof(String jkt) {
        this.jkt = jkt;
    }
}

package dev.countersign.mint;

import dev.countersign.approval.Permit;
import java.time.Instant;

/// A signed access token, RFC 9068, and what the answer says of it.
///
/// @param compact the JWS in compact form: a secret
/// @param type `DPoP` when it is bound to a key, `Bearer` otherwise
public record AccessToken(String compact, String type, Instant expiresAt, Permit permit) {
    @Override
    public String toString() {
        return "AccessToken[" + permit.tokenId + "]";
    }
}

package dev.countersign.signin;

import java.time.Instant;

/// One browser's way to a provider and back.
///
/// @param login the provider's id
/// @param next where the browser goes afterwards, a path of ours
/// @param seed random, and what state, nonce and verifier are made of
/// @param begun to the second
/// @param fresh whether they have to prove themselves there once more
record Flow(String login, String next, String seed, Instant begun, boolean fresh) {
    /// Keeps the seed out of logs.
    @Override
    public String toString() {
        return "Flow[" + login + "]";
    }
}

package dev.countersign.token;

import dev.countersign.approval.Gate;
import dev.countersign.approval.Outcome;
import dev.countersign.client.AuthenticatedClient;
import dev.countersign.http.Request;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// How long a connection is held for a request that waits.
///
/// A client says `Prefer: wait=N` (RFC 7240 §4.3) or is registered with a `sync_wait`; otherwise the configuration
/// says.
public final class Waits {
    static final Duration LONGEST = Duration.ofMinutes(10);
    static final Duration LONGEST_POLL = Duration.ofSeconds(25);

    private static final Pattern WAIT = Pattern.compile("(?i)(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,6})\"?(?=$|[,;\\s])");

    private final Gate gate;
    private final Places places;

    /// @param most how many connections are held at once; one more is told at once that approval is pending
    public Waits(Gate gate, int most) {
        this.gate = gate;
        this.places = new Places(most);
    }

    /// How long a token request is held.
    ///
    /// @param usual when neither the request nor the registration says
    Duration patience(AuthenticatedClient client, Duration usual, Request request) {
        return preferred(request, LONGEST).or(client.client::syncWait).orElse(usual);
    }

    /// How long a poll is held: as long as it asks, at the pace it was told.
    Duration patience(Polls.Pace pace, Request request) {
        return preferred(request, LONGEST_POLL)
                .filter(it -> pace == Polls.Pace.FINE)
                .orElse(Duration.ZERO);
    }

    /// Takes a place for one more that waits, which [#hold] gives back. False when there is none, or no time to wait.
    boolean place(AuthenticatedClient client, String id, Duration patience) {
        return patience.isPositive() && places.take(client.client.id(), id);
    }

    /// Waits in its place until a request is decided or time is up.
    Outcome hold(AuthenticatedClient client, String id, Duration patience, Request request) {
        try {
            return look(id, patience, request);
        } finally {
            places.giveBack(client.client.id(), id);
        }
    }

    /// Where a request stands after that time, or before it when it is decided by then.
    Outcome look(String id, Duration patience, Request request) {
        try {
            var outcome = gate.hold(id, patience);
            if (outcome instanceof Outcome.Ready && !request.peerPresent()) {
                // Nobody is there to take it: the approval stays for the retry.
                throw Refusal.of(ErrorCode.ACCESS_DENIED, "the client has gone");
            }
            return outcome;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Refusal.of(ErrorCode.TEMPORARILY_UNAVAILABLE, "the server is stopping; the same request will join")
                    .because(stopping);
        }
    }

    private static Optional<Duration> preferred(Request request, Duration most) {
        return request.headers("Prefer").stream()
                .map(WAIT::matcher)
                .filter(it -> it.find())
                .map(it -> Duration.ofSeconds(Long.parseLong(it.group(1))))
                .map(it -> it.compareTo(most) < 0 ? it : most)
                .findFirst();
    }
}

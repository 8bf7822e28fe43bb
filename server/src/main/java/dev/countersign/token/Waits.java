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

    /// Holds a token request until it is decided or its time is up.
    ///
    /// @param usual how long when neither the request nor the registration says
    Outcome hold(AuthenticatedClient client, Duration usual, Outcome.Wait wait, Request request) {
        var patience = preferred(request, LONGEST).or(client.client::syncWait).orElse(usual);
        return hold(client, wait.id(), patience, request);
    }

    /// Where a polled request stands, after waiting for as long as the poll asks and `pace` allows.
    Outcome poll(AuthenticatedClient client, Gate.Polled polled, Polls.Pace pace, Request request) {
        var id = polled.handle().approvalId();
        if (polled.pending()) {
            var patience = preferred(request, LONGEST_POLL).filter(it -> pace == Polls.Pace.FINE);
            if (patience.isEmpty()) {
                return new Outcome.Wait(id, polled.handle().expiresAt());
            }
            hold(client, id, patience.get(), request);
        }
        return gate.look(id);
    }

    private Outcome hold(AuthenticatedClient client, String id, Duration patience, Request request) {
        boolean place = patience.isPositive() && places.take(client.client.id(), id);
        try {
            var outcome = place ? away(client, id, patience) : gate.hold(id, Duration.ZERO);
            if (outcome instanceof Outcome.Ready && !request.peerPresent()) {
                // Nobody is there to take it: the approval stays for the retry.
                throw Refusal.of(ErrorCode.ACCESS_DENIED, "the client has gone");
            }
            return outcome;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Refusal.of(ErrorCode.TEMPORARILY_UNAVAILABLE, "the server is stopping; the same request will join")
                    .because(stopping);
        } finally {
            if (place) {
                places.giveBack(client.client.id(), id);
            }
        }
    }

    /// A connection that is held is in nobody's way, and has no place among what is in work.
    private Outcome away(AuthenticatedClient client, String id, Duration patience) throws InterruptedException {
        client.share.leave();
        try {
            return gate.hold(id, patience);
        } finally {
            client.share.comeBack();
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

package dev.countersign.config;

import java.time.Duration;
import java.util.OptionalInt;

/// What one client may take up.
///
/// @param againAfter how long after a denial or expiry the same request is refused at once
/// @param pendingPerClient how many of its requests may wait at a time
/// @param pendingPerReviewer how many may wait for one reviewer; empty for any
/// @param syncWait how long a request is held open when its client does not say
public record Limits(Duration againAfter, int pendingPerClient, OptionalInt pendingPerReviewer, Duration syncWait) {
    /// The longest that a client may have a request held open.
    public static final Duration SYNC_WAIT_CAP = Duration.ofMinutes(10);

    /// As many of one group as a rule may ask.
    static final int MOST_VOTES = 100;
}

package dev.countersign.publish;

import dev.countersign.config.Configuration;
import dev.countersign.config.Live;
import dev.countersign.config.Onto;
import dev.countersign.config.Read;
import dev.countersign.ledger.Entry;
import java.util.Map;
import java.util.Optional;

/// Puts configurations in force. Whatever somebody sends is read as a whole and its tests are run before anything is
/// written; what has a fault changes nothing.
public final class Publishing {
    private final Live live;

    public Publishing(Live live) {
        this.live = live;
    }

    /// What somebody wants in force.
    ///
    /// @param files the texts of a configuration folder, by file name
    /// @param base the version it was made from; empty for whatever is in force
    public record Offer(Map<String, String> files, Optional<String> base) {}

    /// Publishes what is sent.
    public Result apply(Offer offer, Entry.Actor by) {
        return switch (Configuration.sent(offer.files(), live.get().node())) {
            case Read.Bad(var faults) -> new Result.Faulty(faults);
            case Read.Good(var candidate, var warnings) ->
                new Result.Settled(live.publish(candidate, by, new Onto(offer.base(), false)), warnings);
        };
    }
}

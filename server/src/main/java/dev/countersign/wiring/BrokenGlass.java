package dev.countersign.wiring;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells whoever reads the log that a client broke the glass: at each node, and loudly.
final class BrokenGlass {
    private static final Logger log = LoggerFactory.getLogger(BrokenGlass.class);

    private BrokenGlass() {}

    /// A listener of the ledger.
    static void tell(List<EntryView> committed) {
        for (var entry : committed) {
            if (entry.code() == Code.BREAK_GLASS_USED) {
                log.warn(
                        "{} broke the glass by rule {}: request {}, to be looked at by {}",
                        entry.text(Member.CLIENT),
                        String.join(", ", entry.texts(Member.RULES)),
                        entry.request().orElse(""),
                        Instant.ofEpochMilli(entry.number(Member.REVIEW_BY)));
            }
        }
    }
}

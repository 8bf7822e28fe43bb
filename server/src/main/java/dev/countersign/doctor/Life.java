package dev.countersign.doctor;

import dev.countersign.approval.Approval;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Told;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that is kept of one request.
///
/// @param told its entries, in their order
/// @param kept its row; empty when it never waited, or has none though it should
record Life(String request, List<Told> told, Optional<Kept> kept) {
    /// The row of a request that waits or waited, with what hangs on it.
    ///
    /// @param uses how many tokens it gives; empty when that is one
    /// @param votes the word of each person
    record Kept(
            String state,
            Optional<Instant> deadline,
            Optional<Instant> endedAt,
            LeafHash lastLeaf,
            Approval approval,
            Optional<Mint> mint,
            Optional<Uses> uses,
            Map<String, String> votes) {}

    /// The row of its token.
    record Mint(String tokenId, Instant mintedAt, Instant expiresAt, long redelivered) {}

    /// The row of an approval that gives several.
    ///
    /// @param given its tokens after the first, by their numbers
    record Uses(long uses, long used, boolean ended, List<Given> given) {}

    /// One of them.
    record Given(long use, String tokenId, Instant expiresAt) {}

    /// As it stands before a fault of it.
    String where() {
        return "request " + request;
    }

    List<EntryView> entries() {
        return told.stream().map(Told::entry).toList();
    }

    /// The last entry of that code; empty when it has none.
    Optional<EntryView> last(Code code) {
        return entries().stream().filter(it -> it.code() == code).reduce((_, last) -> last);
    }

    /// Whether it waits or waited for people.
    boolean waited() {
        return told.getFirst().entry().code() == Code.REQUEST_MADE;
    }
}

package dev.countersign.review;

import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.NoteKey;
import dev.countersign.ledger.Receipt;
import dev.countersign.ledger.TilePath;
import dev.countersign.people.ApiScope;
import java.util.Optional;
import java.util.Set;

/// `/api/v1/ledger`: entries, checkpoints, tiles and receipts, for auditors.
final class LedgerApi {
    private final Guard guard;
    private final Ledger ledger;

    LedgerApi(Guard guard, Ledger ledger) {
        this.guard = guard;
        this.ledger = ledger;
    }

    /// Entries from `after` on, the oldest first.
    Reply list(Request request) {
        guard.caller(request, ApiScope.LEDGER_READ);
        var query = Query.of(request, Set.of("after", "limit", "request"));
        if (!query.text("request").isEmpty()) {
            return Page.of(
                    ledger.entriesOf(query.text("request")).stream()
                            .map(LedgerJson::line)
                            .toList(),
                    Optional.empty());
        }
        int limit = query.limit();
        long from = query.text("after").isEmpty() ? 0 : query.number("after", 0) + 1;
        var entries = ledger.entries(from, limit);
        return Page.of(
                entries.stream().map(LedgerJson::line).toList(),
                entries.size() < limit
                        ? Optional.empty()
                        : Optional.of(Long.toString(entries.getLast().index())));
    }

    Reply entry(Request request) {
        guard.caller(request, ApiScope.LEDGER_READ);
        long index = index(request.pathParam("n"));
        var entry =
                ledger.entry(index).orElseThrow(() -> new Problem(404, "No such entry", "the ledger ends before it"));
        return Reply.json(200, LedgerJson.whole(entry, ledger.disclosures(index)))
                .noStore();
    }

    /// What a reference means: all entries of a request, or the one at an index, of a token or of a leaf hash.
    Reply reference(Request request) {
        guard.caller(request, ApiScope.LEDGER_READ);
        var entries = ledger.lookUp(request.pathParam("ref"));
        if (entries.isEmpty()) {
            throw new Problem(404, "No such reference", "the ledger has no such request, entry, token or leaf hash");
        }
        return Page.of(
                entries.stream()
                        .map(it -> LedgerJson.whole(it, ledger.disclosures(it.index())))
                        .toList(),
                Optional.empty());
    }

    Reply checkpoint(Request request) {
        guard.caller(request, ApiScope.LEDGER_READ);
        return Reply.text(200, ledger.checkpoint().note()).noStore();
    }

    Reply keys(Request request) {
        guard.caller(request, ApiScope.LEDGER_READ);
        return Reply.text(
                200,
                String.join("\n", ledger.keys().stream().map(NoteKey::toString).toList()) + "\n");
    }

    Reply tile(Request request) {
        guard.caller(request, ApiScope.LEDGER_READ);
        var bytes = TilePath.parse("tile/" + request.pathParam("path")).flatMap(ledger::tile);
        return Reply.bytes(
                200,
                "application/octet-stream",
                bytes.orElseThrow(() -> new Problem(404, "No such tile", "the ledger has no tile of that name")));
    }

    /// By the token's `jti`, or by an entry's index.
    Reply receipt(Request request) {
        guard.caller(request, ApiScope.LEDGER_READ);
        var of = request.pathParam("jti");
        Optional<Receipt> receipt =
                of.matches("[0-9]{1,15}") ? ledger.receipt(Long.parseLong(of)) : ledger.receiptOf(of);
        return Reply.text(
                200,
                receipt.orElseThrow(() -> new Problem(404, "No such receipt", "the ledger has no such token or entry"))
                        .toString());
    }

    private static long index(String text) {
        if (!text.matches("[0-9]{1,15}")) {
            throw new Problem(404, "No such entry", "an entry is named by its index");
        }
        return Long.parseLong(text);
    }
}

package dev.countersign.review;

import dev.countersign.ledger.Disclosed;
import dev.countersign.ledger.EntryView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A ledger entry as the API shows it, and the command line.
public final class LedgerJson {
    private LedgerJson() {}

    /// One line of a timeline.
    public static Map<String, Object> line(EntryView entry) {
        var json = new LinkedHashMap<String, Object>();
        json.put("index", entry.index());
        json.put("code", entry.code().wire());
        json.put("at", entry.at().toString());
        json.put("hash", entry.hash().text());
        json.put(
                "actor",
                Map.of("kind", entry.actor().kind(), "id", entry.actor().id()));
        entry.request().ifPresent(it -> json.put("request", it));
        json.put("body", entry.body());
        return json;
    }

    /// An entry with what is disclosed beside it.
    public static Map<String, Object> whole(EntryView entry, List<Disclosed> disclosures) {
        var json = line(entry);
        json.put("disclosures", disclosures.stream().map(LedgerJson::disclosed).toList());
        return json;
    }

    /// A value that stands in the leaf as a digest only; null when it was erased.
    private static Map<String, Object> disclosed(Disclosed it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("subject", it.subject());
        json.put("name", it.name());
        json.put("value", it.value().orElse(null));
        return json;
    }
}

package dev.countersign.review;

import dev.countersign.http.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A page of a list: `{ "items": […], "next": CURSOR or null }`.
final class Page {
    private Page() {}

    static Reply of(List<Map<String, Object>> items, Optional<String> next) {
        var json = new LinkedHashMap<String, Object>();
        json.put("items", items);
        json.put("next", next.orElse(null));
        return Reply.json(200, json).noStore();
    }
}

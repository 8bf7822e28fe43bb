package dev.countersign.dashboard;

import dev.countersign.approval.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What was decided, for a spreadsheet or a script. Times are RFC 3339 in UTC.
///
/// @param rows each with the same members in the same order
/// @param next after which request it goes on; empty when there are no more
record HistoryExport(List<Map<String, Object>> rows, String next) {
    /// The most requests that are exported at once, the newest first.
    static final int MOST = 10_000;

    static final List<String> MEMBERS = List.of(
            "id",
            "outcome",
            "decided_by",
            "made_at",
            "decided_at",
            "seconds",
            "client",
            "resource",
            "scopes",
            "risk",
            "reason",
            "ticket",
            "comment");

    /// One request that is over.
    ///
    /// @param by who decided
    /// @param comment the deciders' words
    static Map<String, Object> row(Seen seen, String by, String comment, Instant decided) {
        var question = seen.approval().question();
        var request = question.request();
        var values = List.<Object>of(
                request.id(),
                seen.approval().state(),
                by,
                request.madeAt().toString(),
                decided.toString(),
                Duration.between(request.madeAt(), decided).toSeconds(),
                request.client(),
                request.resource(),
                request.scopes().toString(),
                question.risk().word(),
                request.reason(),
                request.ticket(),
                comment);
        var row = new LinkedHashMap<String, Object>();
        for (int i = 0; i < values.size(); i++) {
            row.put(MEMBERS.get(i), values.get(i));
        }
        return row;
    }

    Map<String, Object> json() {
        return next.isEmpty() ? Map.of("items", rows) : Map.of("items", rows, "next", next);
    }

    /// RFC 4180. What a client wrote is a text in every spreadsheet and never a formula.
    String csv() {
        var lines = new ArrayList<String>();
        lines.add(String.join(",", MEMBERS));
        rows.forEach(
                row -> lines.add(row.values().stream().map(HistoryExport::cell).collect(Collectors.joining(","))));
        return String.join("\r\n", lines) + "\r\n";
    }

    private static String cell(Object value) {
        var text = value.toString();
        var inert = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return inert.matches("[^\",\\r\\n]*") ? inert : '"' + inert.replace("\"", "\"\"") + '"';
    }
}

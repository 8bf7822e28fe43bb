package dev.countersign.cli;

import dev.countersign.http.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Where a command speaks.
///
/// @param out for what was asked for, and nothing else
/// @param err for progress, warnings and faults
/// @param version of this program
public record Terminal(PrintStream out, PrintStream err, String version) {
    void say(String line) {
        out.println(line);
    }

    void note(String line) {
        err.println(line);
    }

    /// A value for machines, on one line.
    void json(Object value) {
        out.println(Json.write(value));
    }

    /// Rows in columns as wide as they have to be; the last as it comes.
    void table(List<String> header, List<List<String>> rows) {
        var all = new ArrayList<List<String>>();
        all.add(header);
        all.addAll(rows);
        var widths = new int[header.size()];
        for (var row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (var row : all) {
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                var pad = i == widths.length - 1 ? 0 : widths[i] - row.get(i).length() + 2;
                line.append(row.get(i)).append(" ".repeat(pad));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}

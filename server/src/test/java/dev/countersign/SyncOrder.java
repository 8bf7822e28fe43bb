package dev.countersign;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;

/// What `strace -f -y -s 8192` saw of a server on SQLite, read for one thing: was what an answer stands on forced
/// to the disk before the first byte of the answer?
final class SyncOrder {
    private static final Pattern LINE = Pattern.compile("^(\\d+) +(.*)$");
    private static final Pattern CALL = Pattern.compile("^(\\w+)\\((\\d+)<([^>]*)>(.*)$");
    private static final Pattern RESUMED = Pattern.compile("^<\\.\\.\\. (\\w+) resumed>.*$");

    /// @param done when the call came back: the number of that line
    private record Call(String name, String file, String rest, int began, int done) {}

    private final List<Call> calls = new ArrayList<>();

    SyncOrder(List<String> lines) {
        var open = new HashMap<String, Call>();
        for (int n = 0; n < lines.size(); n++) {
            var line = LINE.matcher(lines.get(n));
            if (!line.matches()) {
                continue;
            }
            var thread = line.group(1);
            var call = CALL.matcher(line.group(2));
            if (call.matches()) {
                var began = new Call(call.group(1), call.group(3), call.group(4), n, n);
                if (call.group(4).endsWith("<unfinished ...>")) {
                    open.put(thread, began);
                } else {
                    calls.add(began);
                }
            } else if (RESUMED.matcher(line.group(2)).matches() && open.containsKey(thread)) {
                var it = open.remove(thread);
                calls.add(new Call(it.name(), it.file(), it.rest(), it.began(), n));
            }
        }
    }

    /// What is wrong with the order for a text that stands in a write to the log of the store, and then in an answer;
    /// empty when nothing is.
    ///
    /// @param answer how the answer begins that is the next one after the write
    String fault(String text, String answer) {
        int written = calls.stream()
                .filter(it -> it.file().endsWith("-wal")
                        && it.name().startsWith("pwrite")
                        && it.rest().contains(text))
                .mapToInt(Call::done)
                .min()
                .orElse(Integer.MAX_VALUE);
        if (written == Integer.MAX_VALUE) {
            return "was never written";
        }
        int answered = calls.stream()
                .filter(it -> it.began() > written && it.rest().contains(answer))
                .mapToInt(Call::began)
                .min()
                .orElse(Integer.MAX_VALUE);
        if (answered == Integer.MAX_VALUE) {
            return "was never answered";
        }
        boolean forced = calls.stream()
                .anyMatch(it -> it.file().endsWith("-wal")
                        && it.name().endsWith("sync")
                        && it.began() > written
                        && it.done() < answered);
        return forced ? "" : "was answered before it was forced to the disk";
    }
}

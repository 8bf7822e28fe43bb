package dev.countersign.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// How a load is run.
///
/// @param launcher the server's launcher
/// @param against another launcher, to be measured in turn with the first
/// @param out where the figures go; to the standard output when it is empty
/// @param rounds how many windows of each kind are measured
/// @param window how long each is
/// @param warmUp how long requests run before the first window
/// @param jvm more options for the server's JVM
/// @param store `sqlite`, or `postgresql` for one that is started for it
/// @param only `issue` for issuing alone, `pend` for what people are asked, `flood` for a client that floods,
///     `all` for all but that
record Options(
        Path launcher,
        List<Path> against,
        Optional<Path> out,
        int rounds,
        Duration window,
        Duration warmUp,
        List<String> jvm,
        String only,
        String store) {
    static Options parse(String[] args) {
        var given = new HashMap<String, String>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            given.put(args[i], args[i + 1]);
        }
        var options = new Options(
                Path.of(given.getOrDefault("--launcher", "./countersign")).toAbsolutePath(),
                list(given.remove("--against")).stream()
                        .map(Path::of)
                        .map(Path::toAbsolutePath)
                        .toList(),
                Optional.ofNullable(given.get("--out")).map(Path::of),
                Integer.parseInt(given.getOrDefault("--rounds", "3")),
                seconds(given.getOrDefault("--seconds", "4")),
                seconds(given.getOrDefault("--warm-up", "10")),
                list(given.remove("--jvm")),
                given.getOrDefault("--only", "all"),
                given.getOrDefault("--store", "sqlite"));
        given.keySet()
                .removeAll(List.of("--launcher", "--out", "--rounds", "--seconds", "--warm-up", "--only", "--store"));
        if (!given.isEmpty() || args.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "options: --launcher FILE --against FILE --out FILE --rounds N --seconds N --warm-up N --jvm OPTIONS --only issue|pend|flood --store sqlite|postgresql");
        }
        return options;
    }

    private static List<String> list(@org.jspecify.annotations.Nullable String text) {
        return text == null ? List.of() : List.of(text.split(" ", -1));
    }

    private static Duration seconds(String text) {
        return Duration.ofSeconds(Long.parseLong(text));
    }
}

package dev.countersign.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// How a load is run.
///
/// @param launcher the server's launcher
/// @param against another launcher, to be measured in turn with the first
/// @param out where the figures go; to the standard output when it is empty
/// @param rounds how many windows of each kind are measured
/// @param window how long each is
/// @param warmUp how long requests run before the first window
/// @param jvm more options for the server's JVM, with blanks between them: some have commas in them
/// @param store `sqlite`, or `postgresql` for one that is started for it
/// @param only the scenarios, by their names
/// @param rates asked a second of an open loop, one after the other
/// @param pending how many requests are pending while they are polled
/// @param held how many connections are held
/// @param past how many requests a store has seen before
record Options(
        Path launcher,
        List<Path> against,
        Optional<Path> out,
        int rounds,
        Duration window,
        Duration warmUp,
        List<String> jvm,
        String store,
        List<String> only,
        List<Integer> rates,
        int pending,
        int held,
        int past) {
    private static final Map<String, String> USUAL = Map.ofEntries(
            Map.entry("launcher", "./countersign"),
            Map.entry("against", ""),
            Map.entry("out", ""),
            Map.entry("rounds", "3"),
            Map.entry("seconds", "4"),
            Map.entry("warm-up", "10"),
            Map.entry("jvm", ""),
            Map.entry("store", "sqlite"),
            Map.entry("only", "whole"),
            Map.entry("rates", "1000 2000 4000 6000 8000"),
            Map.entry("pending", "100000"),
            Map.entry("held", "10000"),
            Map.entry("past", "1000000"));

    static Options parse(String[] args) {
        var given = new HashMap<>(USUAL);
        for (int i = 0; i < args.length; i += 2) {
            boolean known = args[i].startsWith("--") && USUAL.containsKey(args[i].substring(2));
            if (!known || i + 1 == args.length) {
                throw new IllegalArgumentException(
                        "options, each with a value, and what they are when they are not given: "
                                + new TreeMap<>(USUAL));
            }
            given.put(args[i].substring(2), args[i + 1]);
        }
        return new Options(
                Path.of(text(given, "launcher")).toAbsolutePath(),
                words(given, "against").map(Path::of).map(Path::toAbsolutePath).toList(),
                words(given, "out").map(Path::of).findFirst(),
                whole(given, "rounds"),
                Duration.ofSeconds(whole(given, "seconds")),
                Duration.ofSeconds(whole(given, "warm-up")),
                Stream.of(text(given, "jvm").split(" +"))
                        .filter(it -> !it.isEmpty())
                        .toList(),
                text(given, "store"),
                words(given, "only").toList(),
                words(given, "rates").map(Integer::valueOf).toList(),
                whole(given, "pending"),
                whole(given, "held"),
                whole(given, "past"));
    }

    private static String text(Map<String, String> given, String name) {
        return given.getOrDefault(name, "");
    }

    private static Stream<String> words(Map<String, String> given, String name) {
        return Stream.of(text(given, name).split("[ ,]+", -1)).filter(it -> !it.isEmpty());
    }

    private static int whole(Map<String, String> given, String name) {
        return Integer.parseInt(text(given, name));
    }
}

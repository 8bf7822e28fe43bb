package dev.countersign.cli;

import dev.countersign.config.Configuration;
import dev.countersign.config.Fault;
import dev.countersign.config.Read;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = {
            "Checks a configuration folder, compiles its policies, runs their tests and proves what they claim.",
            "All faults at once, each with file, line and column. Exits 0 when there are none, else 1."
        })
final class CheckCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", arity = "0..1", defaultValue = ".", description = "The folder (default: this one).")
    private Path folder = Path.of(".");

    @Mixin
    private final Proving proving = new Proving();

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return switch (proving.claims().tried(Configuration.read(folder))) {
            case Read.Good(var configuration, var warnings, _) -> good(configuration, warnings);
            case Read.Bad(var faults, var unjudged, _) -> bad(faults, unjudged);
        };
    }

    private int good(Configuration it, List<Fault> warnings) {
        if (json) {
            var result = result(List.of(), List.of(), warnings);
            result.put("version", it.version());
            result.put("tests", it.tests().size());
            result.put("claims", it.claims().size());
            result.put("untouched", it.untouched());
            result.put("asks_owner_when_unfamiliar", it.asksOwnerWhenUnfamiliar());
            terminal.json(result);
            return 0;
        }
        warnings.forEach(warning -> terminal.note("warning: " + warning));
        it.asksOwnerWhenUnfamiliar()
                .forEach(rule -> terminal.note("note: rule `" + rule + "` says nothing of usage or findings: what is"
                        + " dormant or asked for the first time, at high risk, it puts before the API's owner"));
        terminal.say("good: " + Counts.of(it.clients().size(), "client") + ", "
                + Counts.of(it.resources().size(), "resource") + ", "
                + Counts.of(it.tests().size(), "test") + " passed, "
                + (it.claims().isEmpty() ? "" : Counts.of(it.claims().size(), "claim") + " proved, ") + "version "
                + it.version());
        var untouched = it.untouched();
        if (!untouched.isEmpty()) {
            terminal.say("no test makes these rules apply: " + String.join(", ", untouched)
                    + "; `countersign policy test` tells more");
        }
        return 0;
    }

    private int bad(List<Fault> faults, List<Fault> unjudged) {
        if (json) {
            terminal.json(result(faults, unjudged, List.of()));
        } else {
            faults.forEach(fault -> terminal.note(fault.toString()));
            unjudged.forEach(it -> terminal.note("not judged: " + it));
            terminal.note(Counts.of(faults.size(), "fault"));
        }
        return 1;
    }

    private static Map<String, Object> result(List<Fault> faults, List<Fault> unjudged, List<Fault> warnings) {
        var result = new LinkedHashMap<String, Object>();
        result.put("good", faults.isEmpty());
        result.put("faults", faults.stream().map(CheckCommand::json).toList());
        result.put("unjudged", unjudged.stream().map(CheckCommand::json).toList());
        result.put("warnings", warnings.stream().map(CheckCommand::json).toList());
        return result;
    }

    private static Map<String, Object> json(Fault fault) {
        var at = fault.at();
        return Map.of("file", at.file(), "line", at.line(), "column", at.column(), "text", fault.text());
    }
}

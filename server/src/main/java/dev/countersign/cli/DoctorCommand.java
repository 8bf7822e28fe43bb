package dev.countersign.cli;

import dev.countersign.doctor.Doctor;
import dev.countersign.doctor.Result;
import dev.countersign.store.StoreAddress;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = {
            "Looks an installation through and says of each thing that must always hold whether it does: no token without an"
                    + " approval, decided once, the ledger whole, and so on.",
            "It changes nothing and needs no server; one that runs is not in its way. Exits 0 when all holds, else 1."
        })
final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Folders folders = new Folders();

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var configuration = folders.configuration(terminal);
        var address = folders.store()
                .<StoreAddress>map(StoreAddress.Sqlite::new)
                .orElse(configuration.node().store());
        var results = Doctor.examine(configuration, address, InstantSource.system());
        boolean healthy = results.stream().noneMatch(Result.Broken.class::isInstance);
        if (json) {
            var all = new LinkedHashMap<String, Object>();
            all.put("healthy", healthy);
            all.put("checks", results.stream().map(DoctorCommand::json).toList());
            terminal.json(all);
        } else {
            results.forEach(this::say);
        }
        return healthy ? 0 : 1;
    }

    private void say(Result result) {
        var what = result.invariant().words() + " (" + result.invariant().id() + ")";
        switch (result) {
            case Result.Holds it ->
                terminal.say("ok       " + what + ": looked at " + it.looked()
                        + (it.note().isEmpty() ? "" : "; " + it.note()));
            case Result.Unseen it -> terminal.say("not seen " + what + ": " + it.why());
            case Result.Broken it -> {
                terminal.say("FAULT    " + what + ": " + it.faults().getFirst());
                it.faults().stream().skip(1).forEach(fault -> terminal.say("         " + fault));
                if (it.more() > 0) {
                    terminal.say("         and " + it.more() + " more");
                }
            }
        }
    }

    private static Map<String, Object> json(Result result) {
        var json = new LinkedHashMap<String, Object>();
        json.put("invariants", List.of(result.invariant().id().split(", ")));
        json.put("what", result.invariant().words());
        switch (result) {
            case Result.Holds it -> {
                json.put("result", "ok");
                json.put("looked_at", it.looked());
                json.put("note", it.note());
            }
            case Result.Unseen it -> {
                json.put("result", "not seen");
                json.put("note", it.why());
            }
            case Result.Broken it -> {
                json.put("result", "fault");
                json.put("faults", it.faults());
                json.put("more", it.more());
            }
        }
        return json;
    }
}

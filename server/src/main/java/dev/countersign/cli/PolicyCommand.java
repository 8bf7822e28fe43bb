package dev.countersign.cli;

import dev.countersign.config.Configuration;
import dev.countersign.config.Trials;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "policy",
        synopsisSubcommandLabel = "COMMAND",
        description = "What the rules say, why, and what others would have said.")
final class PolicyCommand {
    private final Terminal terminal;

    PolicyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "test",
            description = {
                "Runs the tests of a configuration folder, and tells what they leave out: rules that no test makes apply, and"
                        + " parts of conditions that no test makes true, or false.",
                "Exits 0 when all pass, else 1."
            })
    int test(
            @Parameters(
                            paramLabel = "DIR",
                            arity = "0..1",
                            defaultValue = ".",
                            description = "The folder (default: this one).")
                    Path folder,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return switch (Configuration.tests(folder)) {
            case Trials.Run run -> new TrialWords(terminal, run).tell(json);
            case Trials.Bad(var faults) -> {
                faults.forEach(it -> terminal.note(it.toString()));
                throw new Failure("the configuration in " + folder + " has faults, see above");
            }
        };
    }
}

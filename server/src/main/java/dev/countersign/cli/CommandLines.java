package dev.countersign.cli;

import dev.countersign.approval.Unread;
import dev.countersign.demo.Demo;
import dev.countersign.ledger.ExportRefused;
import dev.countersign.ledger.LedgerForked;
import dev.countersign.store.Overloaded;
import dev.countersign.store.StoreFailed;
import dev.countersign.store.StoreRefused;
import dev.countersign.wiring.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// All commands, by name, and what becomes of their faults.
public final class CommandLines {
    private static final Pattern HASH = Pattern.compile("-[A-Za-z0-9_-]{42}");

    private static final int REFUSED = 1;
    private static final int USAGE = 2;

    private CommandLines() {}

    @Command(
            name = "countersign",
            synopsisSubcommandLabel = "COMMAND",
            description = "An OAuth 2.0 authorization server that asks first.",
            footer = {
                "",
                "A first look: countersign demo",
                "Who a command is: COUNTERSIGN_URL, and what login got, COUNTERSIGN_TOKEN (a person's API token) or",
                "COUNTERSIGN_CLIENT_ID with COUNTERSIGN_CLIENT_SECRET_FILE; or flags of the same names."
            })
    private static final class Root implements Runnable {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli fills it in
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "say what to do");
        }
    }

    /// Runs one command to its end.
    ///
    /// @return 0 done, 1 refused or failed, 2 wrong usage; `run` gives the exit code of what it ran
    public static int run(Terminal terminal, String... args) {
        return line(terminal, args.length == 0 ? "" : args[0]).execute(hashesLast(args));
    }

    /// All commands, or the one of that name alone: to read the annotations of them all takes longer than most commands
    /// do.
    static CommandLine line(Terminal terminal, String name) {
        var line = new CommandLine(new Root());
        var commands = commands(terminal);
        var named = commands.get(name);
        (named == null ? commands.values() : List.of(named)).forEach(it -> line.addSubcommand(it.get()));
        Optional.ofNullable(line.getSubcommands().get("policy"))
                .ifPresent(it -> it.addSubcommand(new ProveCommand(terminal)));
        Optional.ofNullable(line.getSubcommands().get("requests"))
                .ifPresent(it -> it.addSubcommand(new BreakGlassCommand(terminal)));
        line.registerConverter(Duration.class, Spans::parse);
        line.registerConverter(FailIf.class, FailIf::parse);
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setUsageHelpAutoWidth(false);
        line.setParameterExceptionHandler((wrong, _) -> usage(terminal, wrong));
        line.setExecutionExceptionHandler((thrown, _, _) -> fault(terminal, thrown));
        help(line);
        return line;
    }

    /// A leaf's hash may begin with a hyphen, as options do: such a one goes behind all options.
    private static String[] hashesLast(String[] args) {
        var all = List.of(args);
        var hashes = all.stream().filter(HASH.asMatchPredicate()).toList();
        if (hashes.isEmpty() || all.contains("--")) {
            return args;
        }
        return Stream.of(all.stream().filter(HASH.asMatchPredicate().negate()), Stream.of("--"), hashes.stream())
                .flatMap(it -> it)
                .toArray(String[]::new);
    }

    private static Map<String, Supplier<Object>> commands(Terminal terminal) {
        var commands = new LinkedHashMap<String, Supplier<Object>>();
        commands.put("demo", () -> new DemoCommand(terminal));
        commands.put("init", () -> new InitCommand(terminal));
        commands.put("check", () -> new CheckCommand(terminal));
        commands.put("apply", () -> new ApplyCommand(terminal));
        commands.put("diff", () -> new VersionCommands.Diff(terminal));
        commands.put("history", () -> new VersionCommands.History(terminal));
        commands.put("rollback", () -> new VersionCommands.Rollback(terminal));
        commands.put("policy", () -> new PolicyCommand(terminal));
        commands.put("serve", () -> new ServeCommand(terminal));
        commands.put("request", () -> new RequestCommand(terminal));
        commands.put("run", () -> new RunCommand(terminal));
        commands.put("requests", () -> new RequestsCommand(terminal));
        commands.put("token", () -> new TokenCommand(terminal));
        commands.put("clients", () -> new ClientsCommand(terminal));
        commands.put("login", () -> new LoginCommands.Login(terminal));
        commands.put("logout", () -> new LoginCommands.Logout(terminal));
        commands.put("who", () -> new WhoCommand(terminal));
        commands.put("whoami", () -> new LoginCommands.WhoAmI(terminal));
        commands.put("away", () -> new AwayCommand(terminal));
        commands.put("freeze", () -> new FreezeCommands.Freeze(terminal));
        commands.put("unfreeze", () -> new FreezeCommands.Unfreeze(terminal));
        commands.put("frozen", () -> new FreezeCommands.Frozen(terminal));
        commands.put("ledger", () -> new LedgerCommand(terminal));
        commands.put("api-token", () -> new ApiTokenCommand(terminal));
        commands.put("scim-token", () -> new ScimTokenCommand(terminal));
        commands.put("passkeys", () -> new PasskeysCommand(terminal));
        commands.put("keys", () -> new KeysCommand(terminal));
        commands.put("backup", () -> new BackupCommands.Backup(terminal));
        commands.put("restore", () -> new BackupCommands.Restore(terminal));
        commands.put("restored", () -> new BackupCommands.Restored(terminal));
        commands.put("doctor", () -> new DoctorCommand(terminal));
        commands.put("store", () -> new StoreCommand(terminal));
        commands.put("rehearse", () -> new RehearseCommand(terminal));
        commands.put("version", () -> new VersionCommand(terminal));
        return commands;
    }

    /// `--help` on everything, once where something has two names; a family of commands wants one of them.
    private static void help(CommandLine line) {
        line.getCommandSpec()
                .addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this.")
                        .build());
        new LinkedHashSet<>(line.getSubcommands().values()).forEach(CommandLines::help);
    }

    private static int usage(Terminal terminal, ParameterException wrong) {
        var line = wrong.getCommandLine();
        var err = line.getErr();
        terminal.note("countersign: " + wrong.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
            line.usage(err);
        }
        return USAGE;
    }

    private static int fault(Terminal terminal, Exception thrown) {
        terminal.note("countersign: " + said(thrown));
        return thrown instanceof WrongUsage ? USAGE : REFUSED;
    }

    /// Faults that are told in a sentence of their own tell it; the rest is ours.
    private static String said(Exception thrown) {
        return switch (thrown) {
            case Failure _,
                    WrongUsage _,
                    Demo.Refused _,
                    Server.Refused _,
                    StoreRefused _,
                    StoreFailed _,
                    Overloaded _,
                    ExportRefused _,
                    LedgerForked _,
                    Unread _,
                    IllegalArgumentException _ -> String.valueOf(thrown.getMessage());
            case UncheckedIOException io -> io(Objects.requireNonNull(io.getCause()));
            case IOException io -> io(io);
            default -> "this is our fault, please report it: " + thrown;
        };
    }

    /// Most of them say no more than a file's name.
    private static String io(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException it -> "there is no " + it.getFile();
            case java.nio.file.AccessDeniedException it -> "no leave to read or write " + it.getFile();
            case java.nio.file.FileAlreadyExistsException it -> it.getFile() + " is there already";
            default -> String.valueOf(e.getMessage());
        };
    }
}

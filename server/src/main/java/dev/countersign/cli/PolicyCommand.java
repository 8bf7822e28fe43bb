package dev.countersign.cli;

import dev.countersign.config.Configuration;
import dev.countersign.config.Trials;
import dev.countersign.dashboard.FlipPicture;
import dev.countersign.policy.WhyNot;
import dev.countersign.replay.Flips;
import dev.countersign.replay.Past;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "policy",
        synopsisSubcommandLabel = "COMMAND",
        description = "What the rules say, why, and what others would have said.")
final class PolicyCommand {
    /// How many requests a search for changes may judge: some seconds of them.
    private static final int WORK = 200_000;

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

    @Command(
            name = "explain",
            description = {
                "Tells why a request gets what it gets: each rule, each part of its condition with the facts it looked at, and"
                        + " from which rules each term of the verdict comes.",
                "A request that was made is explained by the facts that were recorded with it and the policy of then. Changes"
                        + " nothing and needs no server. Exits 0 when there was something to explain, else 1."
            })
    int explain(
            @Mixin Judging judging,
            @Option(
                            names = "--as-test",
                            description =
                                    "Of a request that was made: writes a test for a configuration folder, with what was"
                                            + " known of it and what it gets by these rules.")
                    boolean asTest,
            @Option(names = "--json", description = "For machines.") boolean json) {
        var question = judging.question(terminal);
        if (asTest) {
            new TestWords(terminal, question).tell();
            return 0;
        }
        var words = new ExplanationWords(terminal, question);
        if (json) {
            terminal.json(words.json());
        } else {
            words.tell();
        }
        return 0;
    }

    @Command(
            name = "why-not",
            description = {
                "Tells the smallest changes that would have given a request another verdict: of one fact, of two, of three; first"
                        + " those that the client can make itself.",
                "Each is judged by the rules themselves. Changes nothing and needs no server. Exits 0 when there is one, or the"
                        + " verdict is as wanted, else 1."
            })
    int whyNot(
            @Mixin Judging judging,
            @Option(
                            names = "--want",
                            paramLabel = "VERDICT",
                            defaultValue = "approve",
                            description = "approve, review or deny (default: approve).")
                    String want,
            @Option(names = "--json", description = "For machines.") boolean json) {
        if (!List.of("approve", "review", "deny").contains(want)) {
            throw new WrongUsage("--want is approve, review or deny");
        }
        var question = judging.question(terminal);
        boolean already =
                question.policy().judge(question.facts()).verdict().word().equals(want);
        var found = already
                ? new WhyNot.Found(List.of(), 0, true)
                : WhyNot.search(question.policy(), question.registrations(), question.facts(), want, WORK);
        var words = new ChangeWords(terminal, question, want, found);
        if (json) {
            terminal.json(words.json());
        } else {
            words.tell();
        }
        return already || !found.answers().isEmpty() ? 0 : 1;
    }

    @Command(
            name = "shadow",
            description = {
                "Tells what a server's shadow has seen: how many decisions the candidate that runs beside it (`serve --shadow`)"
                        + " would have made otherwise, and the last that it would have made easier to get.",
                "Of several nodes, the one that answers."
            })
    int shadow(@Mixin PersonApi api, @Option(names = "--json", description = "For machines.") boolean json) {
        var seen = api.get("/shadow");
        if (json) {
            terminal.json(seen);
        } else {
            new ShadowWords(terminal, seen).tell();
        }
        return 0;
    }

    @Command(
            name = "observed",
            description = {
                "Tells what enforcing would make of what was observed only: for each client and resource how many requests would"
                        + " be held, denied, capped, approved or refused at once, by which rules, and how often a day people would"
                        + " be asked.",
                "Changes nothing and needs no server. Exits 0."
            })
    int observed(
            @Mixin Folders folders,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            defaultValue = "30",
                            description = "How many days back (default: 30).")
                    int days,
            @Option(
                            names = "--names",
                            paramLabel = "N",
                            defaultValue = "3",
                            converter = Named.class,
                            description = "How many requests of each kind to name, or all (default: 3).")
                    int named,
            @Option(names = "--json", description = "For machines.") boolean json) {
        return past(folders, days, (past, since, threads) -> {
            var words = new ObservedWords(terminal, past.observed(since, named, threads));
            if (json) {
                var all = words.json();
                all.put("since", since.toString());
                terminal.json(all);
            } else {
                terminal.say("observed only over the last " + Counts.of(days, "day"));
                words.tell();
            }
            return 0;
        });
    }

    /// What is told of the days past.
    private interface Telling {
        /// @param threads how many read
        /// @return the exit code
        int of(Past past, Instant since, int threads) throws SQLException;
    }

    private int past(Folders folders, int days, Telling telling) {
        if (days < 1) {
            throw new WrongUsage("--days is at least 1");
        }
        var now = folders.configuration(terminal);
        var address = Judging.address(now, folders.store().orElse(null));
        try (var past = Past.open(now, address, InstantSource.system())) {
            return telling.of(
                    past,
                    Instant.now().minus(Duration.ofDays(days)),
                    Runtime.getRuntime().availableProcessors());
        } catch (SQLException e) {
            throw new Failure("the store cannot be read: " + e.getMessage());
        }
    }

    @Command(
            name = "backtest",
            description = {
                "Judges the decisions of the past again by the rules of another folder: how many would have had another verdict,"
                        + " which would have been easier to get, and how much of people's time it would save or cost.",
                "Changes nothing and needs no server. Exits 0, or 1 when one of --fail-if is so."
            })
    int backtest(
            @Mixin Folders folders,
            @Option(names = "--candidate", required = true, paramLabel = "DIR", description = "The other folder.")
                    Path candidate,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            defaultValue = "30",
                            description = "How many days back (default: 30).")
                    int days,
            @Option(
                            names = "--names",
                            paramLabel = "N",
                            defaultValue = "20",
                            converter = Named.class,
                            description =
                                    "How many loosened requests to name, and how many tightened, or all (default: 20).")
                    int named,
            @Option(
                            names = "--fail-if",
                            paramLabel = "LIMIT",
                            description = {
                                "Exit 1 when this is so: 'review->approve > 0', or loosened, tightened, flipped, withheld,"
                                        + " unreadable before the >; again for more."
                            })
                    @Nullable
                    List<FailIf> limits,
            @Option(
                            names = "--svg",
                            paramLabel = "FILE",
                            description = "Writes the picture of it into this file, whatever is there.")
                    @Nullable
                    Path picture,
            @Option(names = "--json", description = "For machines.") boolean json) {
        var tried = Folders.read(terminal, candidate);
        var policy = tried.policy();
        return past(folders, days, (past, since, threads) -> {
            var flips = past.backtest(tried, since, named, threads);
            var failed = (limits == null ? List.<FailIf>of() : limits)
                    .stream().flatMap(it -> it.fails(flips).stream()).toList();
            var words = new FlipWords(terminal, flips);
            if (picture != null) {
                draw(picture, flips, "candidate " + policy.version() + " over the last " + Counts.of(days, "day"));
            }
            if (json) {
                var all = words.json();
                all.put("version", policy.version());
                all.put("since", since.toString());
                all.put("failed", failed);
                terminal.json(all);
            } else {
                terminal.say("candidate " + policy.version() + " over the last " + Counts.of(days, "day"));
                words.tell();
                failed.forEach(terminal::note);
            }
            return failed.isEmpty() ? 0 : 1;
        });
    }

    private static void draw(Path file, Flips flips, String title) {
        try {
            Files.writeString(file, FlipPicture.file(flips::count, title));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

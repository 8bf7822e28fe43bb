package dev.countersign.demo;

import dev.countersign.config.Configuration;
import dev.countersign.people.ApiScope;
import dev.countersign.people.LocalPerson;
import dev.countersign.wiring.Operations;
import dev.countersign.wiring.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Makes a demo's data in a folder aside, and moves them to their place when they are whole: a demo that was ended
/// while it was made is made again, and never half there.
final class Building {
    private static final String FILE = "demo.json";

    /// The configuration by which the history begins.
    private static final String FIRST = "first";

    /// In the order they are moved; `demo.json` last, since it says that all is there.
    private static final List<String> PARTS =
            List.of("config", Demo.CANDIDATE, "countersign.db", "countersign.db-wal", "countersign.db-shm", FILE);

    /// Bearer tokens of a demo live as long as its data.
    private static final Duration FOR_GOOD = Duration.ofDays(36_500);

    private static final Map<String, String> NOTES = Map.ofEntries(
            Map.entry("reports", "reads orders and payments; policy lets it through at once"),
            Map.entry("refund-bot", "refunds payments; one of payments-oncall (ana, bo) decides"),
            Map.entry(
                    "payout-runner",
                    "pays suppliers; one of payments-oncall (ana, bo) and one of security (cy, max) decide"),
            Map.entry(
                    "deployer",
                    "deploys to staging at once, to production when one of platform-oncall (eli, bo) agrees"),
            Map.entry("old-crm-export", "has not been used for months; policy denies what can hurt"),
            Map.entry(
                    "warehouse-sync",
                    "counts stock every night, and lately does not use its tokens; stopped when it runs in circles"),
            Map.entry("support-desk", "is used by people in office hours; cancels no order without ana or bo"),
            Map.entry("builds", "asks for many tokens at once, and then for none"),
            Map.entry("care-agent", "an AI agent that refunds up to 20 EUR by itself, and more when ana or bo agrees"),
            Map.entry("price-agent", "an AI agent that is not what it was: cy or max look at whatever it asks for"),
            Map.entry("dee-cli", "an engineer's command line, from another place every day"),
            Map.entry("sale-prices", "sets prices in the weeks of a sale; at other times eli or bo decides"),
            Map.entry("loyalty-sync", "is observed only: policy's word on it is recorded and not followed"),
            Map.entry("tax-export", "not used for months, and attested to be needed: cy and max decide"),
            Map.entry("gift-cards", "retired, so it gets nothing"),
            Map.entry("catalogue-gateway", "asks /introspect about tokens for the Catalogue; gets none itself"),
            Map.entry("payments-gateway", "asks /introspect about tokens for the Payments API; gets none itself"));

    private final Path data;
    private final Path aside;

    Building(Path data) {
        this.data = data;
        this.aside = data.resolve(".building");
    }

    /// Moves what is whole to its place, also when an earlier try was ended in the middle of that.
    void finish() throws IOException {
        if (!Files.exists(aside.resolve(FILE))) {
            return;
        }
        for (var part : PARTS) {
            if (Files.exists(aside.resolve(part))) {
                Files.move(aside.resolve(part), data.resolve(part), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        delete(aside);
    }

    /// Makes everything anew.
    void build(InetSocketAddress listen, boolean history, Consumer<String> progress, InstantSource now)
            throws IOException {
        refuseOthers();
        delete(aside);
        Files.createDirectories(aside);
        var issuer = "http://localhost:" + listen.getPort();
        var host = listen.getAddress().getHostAddress();
        var written = host.contains(":") ? "[" + host + "]" : host;
        var today = now.instant().atZone(ZoneOffset.UTC).toLocalDate();
        var company = Company.of(issuer, written + ":" + listen.getPort(), today);
        var versions = new Versions(company.files(), issuer);
        company.write(aside.resolve("config"), company.files());
        company.write(aside.resolve(Demo.CANDIDATE), versions.candidate());
        company.write(aside.resolve(FIRST), history ? versions.first() : company.files());
        // As it began: what came later is published by those who live through it.
        var folder = Demo.folder(aside.resolve(FIRST));
        var configuration = folder.configuration();

        var clock = new MovingClock(
                history ? now.instant().minus(Diary.LENGTH) : now.instant().minusSeconds(1));
        var anyPort = new InetSocketAddress(listen.getAddress(), 0);
        var options = new Server.Options(Optional.of(anyPort), Optional.empty(), false, false);
        try (var server = Server.start(folder, options, clock)) {
            var file = new DemoFile(
                    issuer,
                    issuer + "/",
                    clients(configuration, company),
                    people(configuration, company, clock),
                    Examples.of(issuer, company.secrets()));
            if (history) {
                progress.accept(
                        "writing half a year of history, this takes some 15 seconds once; what is logged meanwhile is of"
                                + " the past …");
                try (var shop = new Shop(server.port(), file, company.secrets())) {
                    History.live(shop, clock, server::catchUp, versions, now.instant());
                }
            }
            file.write(aside.resolve(FILE + ".ready"));
        }
        delete(aside.resolve(FIRST));
        // The store is closed now, so all that is in it is on the disk.
        Files.move(aside.resolve(FILE + ".ready"), aside.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    private void refuseOthers() throws IOException {
        Files.createDirectories(data);
        try (Stream<Path> there = Files.list(data)) {
            if (there.anyMatch(it -> !it.equals(aside))) {
                throw new Demo.Refused(
                        data + " holds something that is no demo of ours: choose another with --data DIR");
            }
        }
    }

    private static List<DemoFile.Client> clients(Configuration configuration, Company company) {
        return company.secrets().entrySet().stream()
                .filter(it -> configuration.clients().containsKey(it.getKey()))
                .map(it -> new DemoFile.Client(
                        it.getKey(),
                        it.getValue(),
                        List.copyOf(
                                Objects.requireNonNull(configuration.clients().get(it.getKey()))
                                        .grants()),
                        NOTES.getOrDefault(it.getKey(), "")))
                .toList();
    }

    private static List<DemoFile.Person> people(Configuration configuration, Company company, InstantSource clock) {
        try (var operations = Operations.open(configuration, Optional.empty(), clock)) {
            return configuration.people().stream()
                    .map(it -> person(it, configuration, company, operations))
                    .toList();
        }
    }

    private static DemoFile.Person person(
            LocalPerson person, Configuration configuration, Company company, Operations operations) {
        var groups = configuration.groups().values().stream()
                .filter(it -> it.members().contains(person.user()))
                .map(it -> it.name())
                .sorted()
                .toList();
        Set<String> scopes =
                new HashSet<>(Set.of(ApiScope.REQUESTS_READ, ApiScope.REQUESTS_REVIEW, ApiScope.LEDGER_READ));
        if (groups.contains("administrators")) {
            scopes.add(ApiScope.ADMIN);
        }
        var token = operations.issueApiToken(person.user(), scopes, "demo.json", FOR_GOOD);
        return new DemoFile.Person(
                person.user(),
                String.valueOf(company.passwords().get(person.user())),
                person.name(),
                groups,
                token.text());
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

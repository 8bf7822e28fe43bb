package dev.countersign.config;

import dev.countersign.http.Json;
import dev.countersign.policy.Conditions;
import dev.countersign.policy.Policy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Turns pieces into a configuration, by steps that each look at everything and gather what is wrong: the schema, then
/// what refers to what, then the tests. A step begins only when the one before found nothing that would make it
/// guess; of a folder whose faults lie in rules, tests, claims or clients, what is left without these is judged.
final class Reader {
    private final Faults faults = new Faults();
    private final Faults warnings = new Faults();
    private final Faults unjudged = new Faults();
    private Optional<Remainder> rest = Optional.empty();
    private Map<String, Set<String>> provisioned = Map.of();

    private Reader() {}

    static Read folder(Path path) {
        var reader = new Reader();
        return reader.assemble(path).map(reader::finish).orElseGet(reader::bad);
    }

    /// What keeps rules from being followed, where this is known of groups whose members a provider provisions.
    static List<Fault> unmet(Path path, Map<String, Set<String>> provisioned) {
        var reader = new Reader();
        reader.provisioned = provisioned;
        reader.assemble(path).ifPresent(it -> {
            new QuorumCheck(it.names(), reader.warnings).check(it.configuration(), it.view());
            new ObserveCheck(reader.warnings, Instant.now()).tell(it.view());
        });
        return Stream.concat(reader.faults.sorted().stream(), reader.warnings.sorted().stream())
                .toList();
    }

    static Trials tests(Path path) {
        var reader = new Reader();
        return reader.assemble(path)
                .<Trials>map(it -> new Trials.Run(it.configuration(), trials(it), new Rules(it.view())))
                .orElseGet(() -> new Trials.Bad(reader.faults.sorted()));
    }

    /// What somebody sent to a node; what it says of a node's own is looked at, and left out.
    static Read sent(Map<String, String> files, NodeSettings node) {
        var reader = new Reader();
        var sent = new Sent(files, reader.faults);
        return reader.read(sent, Schema.SENT)
                .flatMap(root -> {
                    reader.meantFor(node, new View(root));
                    return reader.assemble(root, Schema.SENT, Optional.of(sent), () -> node);
                })
                .map(reader::finishSent)
                .orElseGet(reader::bad);
    }

    /// Nobody means to take everything out of force.
    private Read finishSent(Assembled it) {
        if (it.configuration().isNodesOwn()) {
            faults.add(new Place("(sent)", 1, 1), "there is nothing in it that could come into force");
        }
        return finish(it);
    }

    /// What belongs to one installation must not come into force at another by a wrong address.
    private void meantFor(NodeSettings node, View root) {
        root.scalar("issuer")
                .filter(it -> !it.text().equals(node.issuer()))
                .ifPresent(it -> faults.add(
                        it.at(), "this folder is of another issuer than this server, which is " + node.issuer()));
    }

    /// The files of a folder that make the configuration, to be sent. What else lies in it is not read.
    static Gathered gather(Path path) {
        var reader = new Reader();
        var folder = new Folder(path, reader.faults);
        reader.read(folder, Schema.SENT).ifPresent(root -> {
            var details = new DetailsCheck(Optional.of(folder), reader.faults);
            new View(root)
                    .views("resources").stream()
                            .flatMap(it -> it.views("details").stream())
                            .forEach(details::check);
        });
        return new Gathered(folder.taken(), reader.faults.sorted());
    }

    /// A configuration that is whole but for its tests, and what it was read from.
    private record Assembled(Configuration configuration, View view, Names names) {}

    private Optional<Assembled> assemble(Path path) {
        var folder = new Folder(path, faults);
        return read(folder, Schema.ROOT)
                .flatMap(root ->
                        assemble(root, Schema.ROOT, Optional.of(folder), () -> Nodes.settings(new View(root), path)));
    }

    /// The whole as its files say it, held against the schema; empty when a file could not be read.
    private Optional<Piece.Entries> read(Source source, Shape.Section schema) {
        var documents = source.documents();
        boolean parsed = faults.none();
        var root = new Merge(faults).all(documents, schema, source.whole());
        if (!parsed) {
            // What could not be read is not missing.
            present(root);
            return Optional.empty();
        }
        new SchemaCheck(faults).check(root, schema, "");
        return Optional.of(root);
    }

    static Read content(JsonNode content, NodeSettings node) {
        var reader = new Reader();
        var piece = Pieces.of(content, "");
        new SchemaCheck(reader.faults).check(piece, Schema.VERSIONED, Schema.VERSIONED.title());
        return (piece instanceof Piece.Entries root
                        ? reader.assemble(root, Schema.VERSIONED, Optional.empty(), () -> node)
                        : Optional.<Assembled>empty())
                .map(reader::finish)
                .orElseGet(reader::bad);
    }

    private void present(Piece.Entries root) {
        var keys = Schema.ROOT.keys().stream().map(Shape.Key::ifPresent).toList();
        new SchemaCheck(faults).check(root, new Shape.Section(Schema.ROOT.title(), keys), "");
    }

    /// The whole, held against what refers to what; empty when it has faults. What of it has none is kept to be judged.
    private Optional<Assembled> assemble(
            Piece.Entries root, Shape.Section schema, Optional<Source> source, Supplier<NodeSettings> node) {
        var whole = assemble(root, source, node);
        if (whole.isEmpty()) {
            rest = rest(root, schema, source, node);
            if (rest.isEmpty()) {
                unjudged(new View(root));
            }
        }
        return whole;
    }

    private Optional<Remainder> rest(
            Piece.Entries root, Shape.Section schema, Optional<Source> source, Supplier<NodeSettings> node) {
        return Sound.of(root, faults.sorted()).flatMap(sound -> {
            var reader = new Reader();
            new SchemaCheck(reader.faults).check(sound.root(), schema, "");
            return reader.assemble(sound.root(), source, node).map(it -> remainder(it, sound));
        });
    }

    private static Remainder remainder(Assembled it, Sound sound) {
        var meant = new Meant(sound.rules(), it.names().conditions().sources());
        var left = new ArrayList<>(meant.unread());
        sound.clients().forEach(client -> left.add("client `" + client + "`"));
        var possible = meant.policies(it.configuration().policy());
        var configuration =
                possible.stream().findFirst().map(it.configuration()::by).orElse(it.configuration());
        return new Remainder(configuration, new Rules(it.view()), List.copyOf(left), meant.read(), possible);
    }

    /// Where more than rules has faults, nothing is judged by them.
    private void unjudged(View root) {
        var because = "judged once the other faults are put right, since what they are judged by has some";
        root.views("tests").stream()
                .findFirst()
                .ifPresent(it -> unjudged.add(it.at(), "the tests from here on are " + because));
        root.views("prove").stream()
                .findFirst()
                .ifPresent(it -> unjudged.add(it.at(), "the claims from here on are " + because));
    }

    private Optional<Assembled> assemble(Piece.Entries root, Optional<Source> source, Supplier<NodeSettings> node) {
        var view = new View(root);
        var names = Names.of(view, provisioned);
        new References(names, faults).check(view);
        var auth = new AuthCheck(faults);
        view.views("clients").stream().flatMap(it -> it.view("auth").stream()).forEach(auth::check);
        var details = new DetailsCheck(source, faults);
        view.views("resources").stream()
                .flatMap(it -> it.views("details").stream())
                .forEach(details::check);
        new PublicationCheck(names, faults).check(view, issuer(view, source, node));
        if (source.isPresent()) {
            // What was published before these were looked for is read as it is.
            new ObserveCheck(faults, Instant.now()).ends(view);
            new CapCheck(names, faults).check(view);
        }
        var amounts = new AmountCheck(names, details.numbers(), faults);
        var rules = new RuleCheck(names, amounts, faults);
        view.views("policies").forEach(rules::check);
        new CalendarCheck(names, faults).check(view);
        amounts.check(view);
        new SourceCheck(faults).check(view);
        new NotifyCheck(names, faults).check(view);
        new LoginCheck(faults).check(view);
        new OnCallCheck(faults).check(view);
        var claims = new ClaimCheck(names, amounts, faults);
        view.views("prove").forEach(claims::check);
        if (!faults.none()) {
            return Optional.empty();
        }
        var content = new Content(details.files()).versioned(root);
        return Optional.of(new Assembled(configuration(content, node.get(), names.conditions()), view, names));
    }

    /// Empty when a folder does not say it, as it must.
    private static Optional<String> issuer(View root, Optional<Source> source, Supplier<NodeSettings> node) {
        boolean itsOwn = source.isPresent() && source.get() instanceof Folder;
        return itsOwn
                ? Optional.of(root.text("issuer")).filter(it -> !it.isEmpty())
                : Optional.of(node.get().issuer());
    }

    private Read finish(Assembled it) {
        new PublicationCheck(it.names(), faults).possible(it.configuration(), it.view());
        trials(it).forEach(trial -> failed(trial).ifPresent(wrong -> faults.add(trial.at(), "test: " + wrong)));
        new QuorumCheck(it.names(), warnings).check(it.configuration(), it.view());
        new ObserveCheck(warnings, Instant.now()).tell(it.view());
        var rules = new Rules(it.view());
        return faults.none()
                ? new Read.Good(it.configuration(), warnings.sorted(), rules)
                : new Read.Bad(faults.sorted(), List.of(), Optional.of(Remainder.whole(it.configuration(), rules)));
    }

    private static Optional<String> failed(Trial trial) {
        return Optional.of(String.join("; ", trial.outcome().wrong())).filter(it -> !it.isEmpty());
    }

    /// From the content and nothing else, so that the same version is the same configuration wherever it is read.
    ///
    /// @param conditions those that were compiled while they were checked
    private static Configuration configuration(JsonNode content, NodeSettings node, Conditions conditions) {
        var canonical = Json.canonical(content);
        var version = Hashes.sha256(canonical);
        var view = View.of(Pieces.of(content, "")).orElseThrow();
        var policy = switch (Policy.compile(Records.rules(view), version, conditions)) {
            case Policy.Compiled.Ready(var it) -> it.signedFrom(Records.signFrom(view));
            case Policy.Compiled.Faulty(var found) ->
                throw new IllegalStateException("rules that passed one by one: " + found);
        };
        return new Configuration(
                version,
                canonical,
                node,
                Records.signing(view),
                Records.resources(view),
                Records.clients(view),
                Records.groups(view),
                Records.people(view),
                Records.known(view),
                Records.providers(view),
                Records.stepUp(view),
                policy,
                Records.surroundings(view),
                Records.sources(view),
                NotifyCheck.notifiers(view, Records.clients(view)),
                NotifyCheck.reminders(view),
                Records.tests(view),
                view.views("prove").stream()
                        .map(it -> ClaimCheck.claim(it, conditions))
                        .toList(),
                Records.limits(view),
                Records.agreeToPasskeys(view));
    }

    private static List<Trial> trials(Assembled it) {
        return trials(it.configuration(), new Rules(it.view()));
    }

    private static List<Trial> trials(Configuration configuration, Rules rules) {
        var registrations = configuration.registrations();
        return configuration.tests().stream()
                .map(test -> new Trial(
                        test,
                        rules.test(test.name()).orElseThrow(),
                        EntryTrial.run(test, configuration.policy(), registrations)))
                .toList();
    }

    private Read bad() {
        rest.ifPresent(this::judge);
        return new Read.Bad(faults.sorted(), unjudged.sorted(), rest);
    }

    /// Runs the tests that faults elsewhere leave, and tells those that fail whatever is meant by what cannot be read.
    private void judge(Remainder it) {
        var registrations = it.configuration().registrations();
        for (var trial : trials(it.configuration(), it.rules())) {
            failed(trial).ifPresent(wrong -> {
                var test = it.inPart().isEmpty() ? trial.test() : trial.test().ofWords();
                boolean sure = trial.outcome().facts().isPresent()
                        && it.isSure(policy ->
                                !EntryTrial.run(test, policy, registrations).passed());
                if (sure || it.doubt().isEmpty()) {
                    faults.add(trial.at(), "test: " + wrong);
                } else {
                    unjudged.add(
                            trial.at(),
                            "test: " + wrong + "; that may change, since "
                                    + it.doubt().orElseThrow());
                }
            });
        }
    }
}

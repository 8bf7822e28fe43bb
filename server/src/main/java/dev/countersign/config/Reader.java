package dev.countersign.config;

import dev.countersign.http.Json;
import dev.countersign.policy.Policy;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Turns pieces into a configuration, by steps that each look at everything and gather what is wrong: the schema, then
/// what refers to what, then the tests. A step begins only when the one before found nothing that would make it guess.
final class Reader {
    private final Faults faults = new Faults();
    private final Faults warnings = new Faults();

    private Reader() {}

    static Read folder(Path path) {
        var reader = new Reader();
        return reader.assemble(path).map(reader::finish).orElseGet(reader::bad);
    }

    static Trials tests(Path path) {
        var reader = new Reader();
        return reader.assemble(path)
                .<Trials>map(it -> new Trials.Run(it.configuration(), trials(it), new Rules(it.view())))
                .orElseGet(() -> new Trials.Bad(reader.faults.sorted()));
    }

    /// A configuration that is whole but for its tests, and what it was read from.
    private record Assembled(Configuration configuration, View view, Names names) {}

    private Optional<Assembled> assemble(Path path) {
        var folder = new Folder(path, faults);
        var documents = folder.documents();
        boolean parsed = faults.none();
        var root = new Merge(faults).all(documents, Schema.ROOT, folder.whole());
        if (!parsed) {
            // What could not be read is not missing.
            present(root);
            return Optional.empty();
        }
        new SchemaCheck(faults).check(root, Schema.ROOT, "");
        return assemble(root, Optional.of(folder), () -> Nodes.settings(new View(root), path));
    }

    static Read content(JsonNode content, NodeSettings node) {
        var reader = new Reader();
        var piece = Pieces.of(content, "");
        new SchemaCheck(reader.faults).check(piece, Schema.VERSIONED, Schema.VERSIONED.title());
        return (piece instanceof Piece.Entries root
                        ? reader.assemble(root, Optional.empty(), () -> node)
                        : Optional.<Assembled>empty())
                .map(reader::finish)
                .orElseGet(reader::bad);
    }

    private void present(Piece.Entries root) {
        var keys = Schema.ROOT.keys().stream().map(Shape.Key::ifPresent).toList();
        new SchemaCheck(faults).check(root, new Shape.Section(Schema.ROOT.title(), keys), "");
    }

    private Optional<Assembled> assemble(Piece.Entries root, Optional<Folder> folder, Supplier<NodeSettings> node) {
        var view = new View(root);
        var names = Names.of(view);
        new References(names, faults).check(view);
        var auth = new AuthCheck(faults);
        view.views("clients").stream().flatMap(it -> it.view("auth").stream()).forEach(auth::check);
        var details = new DetailsCheck(folder, faults);
        view.views("resources").stream()
                .flatMap(it -> it.views("details").stream())
                .forEach(details::check);
        var rules = new RuleCheck(names, faults);
        view.views("policies").forEach(rules::check);
        if (!faults.none()) {
            return Optional.empty();
        }
        var content = new Content(details.files()).versioned(root);
        return Optional.of(new Assembled(configuration(content, node.get()), view, names));
    }

    private Read finish(Assembled it) {
        for (var trial : trials(it)) {
            trial.outcome().wrong().forEach(wrong -> faults.add(trial.at(), "test: " + wrong));
        }
        new QuorumCheck(it.names(), warnings).check(it.configuration(), it.view());
        return faults.none() ? new Read.Good(it.configuration(), warnings.sorted()) : bad();
    }

    /// From the content and nothing else, so that the same version is the same configuration wherever it is read.
    private static Configuration configuration(JsonNode content, NodeSettings node) {
        var canonical = Json.canonical(content);
        var version = Hashes.sha256(canonical);
        var view = View.of(Pieces.of(content, "")).orElseThrow();
        var policy = switch (Policy.compile(Records.rules(view), version)) {
            case Policy.Compiled.Ready(var it) -> it;
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
                policy,
                Records.tests(view),
                Records.limits(view));
    }

    private static List<Trial> trials(Assembled it) {
        var registrations = it.configuration().registrations();
        var places = it.view().views("tests").stream().collect(Collectors.toMap(test -> test.text("name"), View::at));
        return it.configuration().tests().stream()
                .map(test -> new Trial(
                        test,
                        Objects.requireNonNull(places.get(test.name())),
                        test.run(it.configuration().policy(), registrations)))
                .toList();
    }

    private Read bad() {
        return new Read.Bad(faults.sorted());
    }
}

package dev.countersign.config;

import dev.countersign.http.Json;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Registrations;
import java.nio.file.Path;
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
        var folder = new Folder(path, reader.faults);
        var documents = folder.documents();
        boolean parsed = reader.faults.none();
        var root = new Merge(reader.faults).all(documents, Schema.ROOT, folder.whole());
        if (!parsed) {
            // What could not be read is not missing.
            reader.present(root);
            return reader.bad();
        }
        new SchemaCheck(reader.faults).check(root, Schema.ROOT, "");
        return reader.finish(root, Optional.of(folder), () -> Nodes.settings(new View(root), path));
    }

    static Read content(JsonNode content, NodeSettings node) {
        var reader = new Reader();
        var piece = Pieces.of(content, "");
        new SchemaCheck(reader.faults).check(piece, Schema.VERSIONED, Schema.VERSIONED.title());
        return piece instanceof Piece.Entries root ? reader.finish(root, Optional.empty(), () -> node) : reader.bad();
    }

    private void present(Piece.Entries root) {
        var keys = Schema.ROOT.keys().stream().map(Shape.Key::ifPresent).toList();
        new SchemaCheck(faults).check(root, new Shape.Section(Schema.ROOT.title(), keys), "");
    }

    private Read finish(Piece.Entries root, Optional<Folder> folder, Supplier<NodeSettings> node) {
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
            return bad();
        }
        var content = new Content(details.files()).versioned(root);
        var configuration = assemble(content, node.get());
        test(configuration, view);
        new QuorumCheck(names, warnings).check(configuration, view);
        return faults.none() ? new Read.Good(configuration, warnings.sorted()) : bad();
    }

    /// From the content and nothing else, so that the same version is the same configuration wherever it is read.
    private static Configuration assemble(JsonNode content, NodeSettings node) {
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

    private void test(Configuration configuration, View root) {
        var registrations = registrations(configuration);
        var places = root.views("tests").stream().collect(Collectors.toMap(it -> it.text("name"), View::at));
        for (var test : configuration.tests()) {
            test.run(configuration.policy(), registrations)
                    .forEach(it -> faults.add(Objects.requireNonNull(places.get(test.name())), "test: " + it));
        }
    }

    private static Registrations registrations(Configuration configuration) {
        return new Registrations(
                configuration.clients().values().stream()
                        .collect(Collectors.toMap(
                                it -> it.id(),
                                it -> new Registrations.Client(it.name(), it.owner(), it.tags(), it.access()))),
                configuration.resources());
    }

    private Read bad() {
        return new Read.Bad(faults.sorted());
    }
}

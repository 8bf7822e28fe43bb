package dev.countersign.config;

import dev.countersign.policy.Fact;
import dev.countersign.policy.SourceFacts;
import dev.countersign.source.FactSource;
import dev.countersign.source.Secrets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Looks at each source: that it is asked in one way, that it gives facts, and where its secret is kept.
final class SourceCheck {
    private static final List<Fact.Type> GIVEN =
            List.of(Fact.Type.TRUTH, Fact.Type.NUMBER, Fact.Type.TEXT, Fact.Type.TEXTS);

    /// The types of facts as they are written.
    static final List<String> TYPES = GIVEN.stream().map(Fact.Type::cel).toList();

    private final Faults faults;

    SourceCheck(Faults faults) {
        this.faults = faults;
    }

    void check(View root) {
        root.named("sources").forEach((name, source) -> {
            ways(name, source);
            source.view("authorization")
                    .filter(it -> !it.text("file").isEmpty())
                    .filter(it -> !Secrets.isName(it.text("file")))
                    .ifPresent(it -> faults.add(
                            it.at("file"),
                            "the secret of a source is a file in the folder `" + Secrets.FOLDER + "`, such as `"
                                    + Secrets.FOLDER + "/" + name + "`; put it there"));
        });
    }

    private void ways(String name, View source) {
        boolean url = source.has("url");
        boolean authzen = source.has("authzen");
        if (!url && !authzen) {
            faults.add(
                    source.at(),
                    "source `" + name + "` has one of `url` and `authzen`; write whichever it is asked by");
        } else if (url && authzen) {
            faults.add(
                    source.at("authzen"),
                    "source `" + name + "` is asked in one way, by `url` or by `authzen`; make a source of each");
        } else if (authzen && source.has("facts")) {
            faults.add(
                    source.at("facts"),
                    "a decision point gives `" + FactSource.DECISION + "` and no other facts; take `facts` out");
        } else if (url && source.named("facts").isEmpty()) {
            faults.add(source.at("facts"), "source `" + name + "` gives no facts; write at least one");
        }
    }

    /// The facts that the sources give, as far as they are written right.
    static SourceFacts facts(View root) {
        return SourceFacts.of(root.named("sources").entrySet().stream()
                .filter(it -> Form.IDENTIFIER.problem(it.getKey()).isEmpty())
                .flatMap(it -> facts(it.getKey(), it.getValue()))
                .toList());
    }

    private static Stream<Fact> facts(String name, View source) {
        return source.has("authzen")
                ? Stream.of(SourceFacts.fact(name, FactSource.DECISION, Fact.Type.TRUTH))
                : source.named("facts").entrySet().stream()
                        .filter(it -> Form.IDENTIFIER.problem(it.getKey()).isEmpty())
                        .flatMap(it ->
                                type(it.getValue()).stream().map(type -> SourceFacts.fact(name, it.getKey(), type)));
    }

    /// The type that is written; empty where it is none.
    static Optional<Fact.Type> type(View fact) {
        return GIVEN.stream().filter(it -> it.cel().equals(fact.text("type"))).findFirst();
    }
}

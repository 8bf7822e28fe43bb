package dev.countersign.policy;

import java.util.stream.Collectors;

/// The reference page of facts, `docs/reference/facts.md`, printed from [FactSchema].
public final class FactReference {
    private FactReference() {}

    /// The page.
    public static String markdown() {
        return """
                # Facts

                What the condition of a rule (`when:`) may speak of, version %d of the schema. A condition is a
                [CEL](https://cel.dev) expression over these facts that gives a truth; `countersign check` refuses one that
                names anything else or mixes types.

                A fact that could not be had is *unknown*. What depends on it is unknown too, unless the rest of the
                condition settles it (`unknown && false` is false). The unknown never helps whoever asks: an approving rule
                applies only to *yes*, though its `lifetime` caps what another rule lets through; a rule that reviews or
                denies applies to *unknown* as well. A condition that fails (a member that is missing, a division by
                zero, too much work) is unknown.

                | fact | type | what it is | in policy tests, when not given |
                | --- | --- | --- | --- |
                %s

                The record of a decision leaves out a fact that has the value of the last column; where that column names a
                source, one that is empty, and a risk that is `LOW`.

                Constants: %s.

                ## What sources say

                `source.NAME.FACT` is what the source `NAME` of the [configuration](configuration.md#sourcesname) says of the
                request, of the type that is written there: `bool`, `int`, `string` or `list(string)`, sorted and each once.
                `source.NAME.decision` (`bool`) is the word of an AuthZEN decision point. All of them are unknown when the source
                does not give them, and in policy tests when the test does not. The record of a decision has those that were
                given, and under `silent` why others were not. [How to](../how-to/ask-a-ticket-system.md).

                ## What a condition may use

                - `==` `!=` `<` `<=` `>` `>=`, `&&` `||` `!`, `a ? b : c`, `in`, `+` `-` `*` `/` `%%`, `[…]` and lists;
                - %s;
                - `list.exists(x, …)` and `list.all(x, …)`, `has(d.member)` for members of details.

                Nothing else: no other macro, no regular expression, no clock. A condition has at most %d characters and %d
                parts, and looks at no more than %d list elements; beyond that it is unknown.
                """.formatted(
                        FactSchema.VERSION, rows(), constants(), functions(), Cel.CHARACTERS, Cel.PARTS, Cel.STEPS);
    }

    private static String rows() {
        return FactSchema.facts().stream()
                .map(fact -> "| `%s` | %s | %s | %s |"
                        .formatted(fact.name(), fact.type().cel(), fact.doc(), quiet(fact)))
                .collect(Collectors.joining("\n"));
    }

    private static String quiet(Fact fact) {
        return switch (fact.name()) {
            case "client.id", "client.name", "client.owner", "client.tags" -> "of the `client` given";
            case "subject.id" -> "the client";
            case "resource", "resource_owner" -> "the API that the client may use, if one only";
            case "risk" -> "of the scopes and details given";
            case "details_types", FactSchema.PAST_DAY_AMOUNTS -> "of the details given";
            default -> "`" + Facts.words(fact.quiet()) + "`";
        };
    }

    private static String constants() {
        return FactSchema.constants().entrySet().stream()
                .map(it -> "`" + it.getKey() + "` " + it.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String functions() {
        return Cel.FUNCTIONS.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }
}

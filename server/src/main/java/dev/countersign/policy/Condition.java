package dev.countersign.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelUnknownSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// When a rule applies: a CEL expression over the facts of [FactSchema], checked when the policy is loaded and planned
/// once.
///
/// Weighing never throws. A fact that is unknown makes the condition [Truth#UNKNOWN] unless the rest of it settles the
/// matter; so does whatever fails while it is weighed.
public final class Condition {
    private final String text;
    private final SortedSet<String> facts;
    private final List<Amount> amounts;
    private final SourceFacts all;
    private final Map<String, Fact> sources;
    private final CelRuntime.Program program;
    private volatile @Nullable CelAbstractSyntaxTree written;

    private Condition(String text, ConditionSyntax syntax, SourceFacts all, CelRuntime.Program program) {
        this.text = text;
        this.facts = syntax.facts();
        this.amounts = List.copyOf(syntax.amounts());
        this.all = all;
        this.sources = all.facts().entrySet().stream()
                .filter(it -> facts.contains(it.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        this.program = program;
    }

    /// What [#compile] gives.
    public sealed interface Compiled {
        /// It can be weighed.
        record Ready(Condition condition) implements Compiled {}

        /// It cannot, and this is all that is wrong with it.
        record Faulty(List<Fault> faults) implements Compiled {}
    }

    /// What is wrong with a condition, and where in its text: lines and columns (in code points) from 1.
    public record Fault(int line, int column, String said) {}

    /// A text that stands in a condition, and where: lines and columns (in code points) from 1.
    public record Text(int line, int column, String text) {}

    /// A sum of [FactSchema#PAST_DAY_AMOUNTS] that a condition names, and where: lines and columns (in code
    /// points) from 1.
    ///
    /// @param type the details type
    /// @param member the member of its objects
    public record Amount(int line, int column, String type, String member) {}

    /// How a condition weighed, and why it is not known.
    ///
    /// @param unknown the facts that were missing, sorted
    /// @param fault what failed, in words of ours that carry nothing of the request; empty when nothing did
    record Weighed(Truth truth, List<String> unknown, String fault) {}

    private static final Weighed YES = new Weighed(Truth.YES, List.of(), "");
    private static final Weighed NO = new Weighed(Truth.NO, List.of(), "");

    /// Reads, checks and plans one that speaks of no source.
    public static Compiled compile(String text) {
        return compile(text, SourceFacts.NONE);
    }

    /// Reads, checks and plans it.
    ///
    /// @param sources the facts of sources that it may speak of
    public static Compiled compile(String text, SourceFacts sources) {
        var parsed = Cel.COMPILER.parse(text);
        try {
            if (parsed.hasError()) {
                return new Compiled.Faulty(unread(text, faults(parsed.getErrors())));
            }
            var syntax = ConditionSyntax.of(parsed.getAst(), sources);
            if (!syntax.faults().isEmpty()) {
                return new Compiled.Faulty(List.copyOf(syntax.faults()));
            }
            var checked = sources.compiler().check(parsed.getAst());
            return checked.hasError()
                    ? faulty(checked.getErrors())
                    : new Compiled.Ready(new Condition(text, syntax, sources, plan(checked.getAst())));
        } catch (CelValidationException failed) {
            return faulty(failed.getErrors());
        }
    }

    /// A part of a condition that was compiled, as one of its own.
    ///
    /// @param tree the parsed part
    static Condition part(CelAbstractSyntaxTree tree, String text, SourceFacts sources) {
        try {
            return new Condition(
                    text,
                    ConditionSyntax.of(tree, sources),
                    sources,
                    plan(sources.compiler().check(tree).getAst()));
        } catch (CelValidationException failed) {
            throw new IllegalStateException("a part of what was checked: " + text, failed);
        }
    }

    private static CelRuntime.Program plan(CelAbstractSyntaxTree checked) {
        try {
            return Cel.RUNTIME.createProgram(checked);
        } catch (CelEvaluationException failed) {
            throw new IllegalStateException("CEL checked what it cannot plan", failed);
        }
    }

    private static Compiled faulty(Collection<CelIssue> issues) {
        return new Compiled.Faulty(faults(issues));
    }

    private static List<Fault> faults(Collection<CelIssue> issues) {
        return issues.stream()
                .map(issue -> new Fault(
                        Math.max(1, issue.getSourceLocation().getLine()),
                        issue.getSourceLocation().getColumn() + 1,
                        issue.getMessage()))
                .toList();
    }

    /// CEL says of a single `=` that it knows no such token, and then trips over what comes after it.
    private static List<Fault> unread(String text, List<Fault> faults) {
        var single = faults.stream()
                .filter(it -> isSingleEqualsSign(text, it))
                .map(it -> new Fault(it.line(), it.column(), "a single = compares nothing: write == to compare"))
                .toList();
        return single.isEmpty() ? faults : single;
    }

    private static boolean isSingleEqualsSign(String text, Fault at) {
        var lines = text.split("\n", -1);
        var line = at.line() > lines.length
                ? new int[0]
                : lines[at.line() - 1].codePoints().toArray();
        int here = at.column() - 1;
        return here >= 0
                && here < line.length
                && line[here] == '='
                && (here == 0 || "=!<>".indexOf(line[here - 1]) < 0)
                && (here == line.length - 1 || "=<>".indexOf(line[here + 1]) < 0);
    }

    /// The whole, taken apart.
    public Part parts() {
        return Part.of(text, all);
    }

    /// As it was written.
    public String text() {
        return text;
    }

    /// As it was written, taken apart; once, when the first asks, for it is asked for each client and API.
    CelAbstractSyntaxTree written() {
        var known = written;
        if (known == null) {
            known = parse();
            written = known;
        }
        return known;
    }

    private CelAbstractSyntaxTree parse() {
        try {
            return Cel.Written.COMPILER.parse(text).getAst();
        } catch (CelValidationException failed) {
            throw new IllegalStateException("a condition that was compiled: " + text, failed);
        }
    }

    /// The facts it speaks of.
    public SortedSet<String> facts() {
        return facts;
    }

    /// The sums of amounts that it names.
    public List<Amount> amounts() {
        return amounts;
    }

    /// Those of them that come from sources, by name.
    Map<String, Fact> sources() {
        return sources;
    }

    /// The texts that it looks for in a fact that is a list.
    public List<Text> soughtIn(String fact) {
        try {
            return facts.contains(fact) ? Compared.with(Cel.COMPILER.parse(text).getAst(), fact) : List.of();
        } catch (CelValidationException failed) {
            throw new IllegalStateException("a condition that was compiled: " + text, failed);
        }
    }

    /// How it weighs for these facts.
    Weighed weigh(Activation facts) {
        try {
            var named = sources.isEmpty() ? facts : facts.with(sources);
            return switch (program.eval(amounts.isEmpty() ? named : named.naming(amounts))) {
                case Boolean truth -> truth ? YES : NO;
                case CelUnknownSet unknown -> new Weighed(Truth.UNKNOWN, Activation.names(unknown), "");
                // A member of details that stands alone is only known to be a truth when it is looked at.
                default -> new Weighed(Truth.UNKNOWN, List.of(), "it gives no truth");
            };
        } catch (CelEvaluationException failed) {
            return new Weighed(Truth.UNKNOWN, List.of(), words(failed.getErrorCode()));
        } catch (RuntimeException failed) {
            // A fault of the library's is one more way not to know.
            return new Weighed(Truth.UNKNOWN, List.of(), "it could not be weighed");
        }
    }

    /// CEL's own messages quote values, and values may be the client's words.
    private static String words(CelErrorCode code) {
        return switch (code) {
            case ATTRIBUTE_NOT_FOUND -> "a member is missing";
            case INDEX_OUT_OF_BOUNDS -> "a list is shorter than that";
            case DIVIDE_BY_ZERO -> "a division by zero";
            case NUMERIC_OVERFLOW -> "a number is too large";
            case OVERLOAD_NOT_FOUND, AMBIGUOUS_OVERLOAD -> "a member has another type";
            case BAD_FORMAT, INVALID_ARGUMENT -> "a value cannot be read as that type";
            case ITERATION_BUDGET_EXCEEDED -> "more list elements than a condition may look at";
            case DUPLICATE_ATTRIBUTE, TYPE_NOT_FOUND, INTERNAL_ERROR -> "it could not be weighed";
        };
    }

    @Override
    public String toString() {
        return text;
    }
}

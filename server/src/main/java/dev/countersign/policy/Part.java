package dev.countersign.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSource;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelUnparserFactory;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;

/// A part of a condition that is a truth by itself: the whole, each side of `&&` and `||`, what `!` turns around, the
/// three of a choice, and below them each comparison, which has no parts any more.
///
/// Each is weighed alone, by the engine that weighs the whole, and not by what it weighed on the way to the whole's
/// truth: there a side that did not matter was never looked at.
public final class Part {
    private final Condition condition;
    private final int line;
    private final int column;
    private final Joint joint;
    private final List<Part> parts;

    private Part(Condition condition, int line, int column, Joint joint, List<Part> parts) {
        this.condition = condition;
        this.line = line;
        this.column = column;
        this.joint = joint;
        this.parts = parts;
    }

    /// What holds the parts of one together.
    public enum Joint {
        /// A comparison: it has no parts.
        NONE,
        AND,
        OR,
        NOT,
        /// `a ? b : c`.
        CHOICE
    }

    /// Takes a condition apart that was compiled before.
    static Part of(String condition, SourceFacts sources) {
        try {
            var tree = Cel.Written.COMPILER.parse(condition).getAst();
            return part(tree.getExpr(), tree.getSource(), sources);
        } catch (CelValidationException failed) {
            throw new IllegalStateException("a condition that was compiled: " + condition, failed);
        }
    }

    private static Part part(CelExpr expr, CelSource source, SourceFacts sources) {
        var joint = joint(expr);
        var parts = operands(expr, joint).map(it -> part(it, source, sources)).toList();
        var tree = CelAbstractSyntaxTree.newParsedAst(expr, source);
        var at = source.getOffsetLocation(start(expr, source)).orElseThrow();
        var text = CelUnparserFactory.newUnparser().unparse(tree);
        return new Part(Condition.part(tree, text, sources), at.getLine(), at.getColumn() + 1, joint, parts);
    }

    private static Joint joint(CelExpr expr) {
        return expr.getKind() != CelExpr.ExprKind.Kind.CALL
                ? Joint.NONE
                : switch (expr.call().function()) {
                    case "_&&_" -> Joint.AND;
                    case "_||_" -> Joint.OR;
                    case "!_" -> Joint.NOT;
                    case "_?_:_" -> Joint.CHOICE;
                    default -> Joint.NONE;
                };
    }

    /// `a && b && c` are three, however CEL groups them.
    private static Stream<CelExpr> operands(CelExpr expr, Joint joint) {
        return switch (joint) {
            case NONE -> Stream.of();
            case NOT, CHOICE -> expr.call().args().stream();
            case AND, OR ->
                expr.call().args().stream().flatMap(it -> joint(it) == joint ? operands(it, joint) : Stream.of(it));
        };
    }

    /// The first character of anything in it: CEL says where an operator stands.
    private static int start(CelExpr expr, CelSource source) {
        int here = source.getPositionsMap().getOrDefault(expr.id(), 0);
        return below(source.getMacroCalls().getOrDefault(expr.id(), expr))
                .mapToInt(it -> start(it, source))
                .reduce(here, Math::min);
    }

    private static Stream<CelExpr> below(CelExpr expr) {
        return switch (expr.getKind()) {
            case SELECT -> Stream.of(expr.select().operand());
            case CALL -> Stream.concat(expr.call().target().stream(), expr.call().args().stream());
            case LIST -> expr.list().elements().stream();
            case NOT_SET, CONSTANT, IDENT, STRUCT, MAP, COMPREHENSION -> Stream.of();
        };
    }

    /// As CEL writes it: like it was written, but for blanks, brackets and quotes.
    public String text() {
        return condition.text();
    }

    /// The line of the condition's text that it starts on, from 1.
    public int line() {
        return line;
    }

    /// The column in that line, in code points, from 1.
    public int column() {
        return column;
    }

    public Joint joint() {
        return joint;
    }

    public List<Part> parts() {
        return parts;
    }

    /// The facts it speaks of.
    public SortedSet<String> facts() {
        return condition.facts();
    }

    /// It and all below it, from the top.
    public Stream<Part> all() {
        return Stream.concat(Stream.of(this), parts.stream().flatMap(Part::all));
    }

    /// How it weighs for the facts of one request, and all below it.
    public Weighed weigh(Facts facts) {
        return weigh(Activation.of(facts));
    }

    Weighed weigh(Activation facts) {
        var weighed = condition.weigh(facts);
        return new Weighed(
                this,
                weighed.truth(),
                weighed.unknown(),
                weighed.fault(),
                parts.stream().map(it -> it.weigh(facts)).toList());
    }

    @Override
    public String toString() {
        return text();
    }

    /// How a part weighed.
    ///
    /// @param unknown the facts that were missing, sorted
    /// @param fault what failed, in words of ours; empty when nothing did
    /// @param parts the same of the parts of the part, in their order
    public record Weighed(Part part, Truth truth, List<String> unknown, String fault, List<Weighed> parts) {
        /// It and all below it, from the top.
        public Stream<Weighed> all() {
            return Stream.concat(Stream.of(this), parts.stream().flatMap(Weighed::all));
        }
    }
}

package dev.countersign.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// CEL as conditions speak it: the facts as variables, few functions, and limits on how much one condition may do.
///
/// Loops are `exists` and `all` over lists only, which give one truth and build nothing, so what a condition holds in
/// memory does not grow with the request; [#STEPS] bounds their time, nested ones included.
final class Cel {
    static final int CHARACTERS = 4_000;
    static final int PARTS = 500;
    static final int STEPS = 2_000;
    private static final int DEPTH = 64;

    /// What may be called by name. No `matches`: a pattern's cost is not seen in its length.
    static final List<String> FUNCTIONS = List.of("size", "startsWith", "endsWith", "contains", "int", "double");

    /// The operators, as the parser names them.
    private static final Set<String> OPERATORS = Set.of(
            "_==_",
            "_!=_",
            "_<_",
            "_<=_",
            "_>_",
            "_>=_",
            "_&&_",
            "_||_",
            "!_",
            "_?_:_",
            "@in",
            "_+_",
            "_-_",
            "_*_",
            "_/_",
            "_%_",
            "-_",
            "_[_]",
            "@not_strictly_false");

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(CHARACTERS)
            .maxParseExpressionNodeCount(PARTS)
            .maxParseRecursionDepth(DEPTH)
            .comprehensionMaxIterations(STEPS)
            .enableHeterogeneousNumericComparisons(true)
            .build();

    static final CelCompiler COMPILER = compiler(OPTIONS, List.of());

    /// Unknowns come in as values (see [Activation]), so the runtime needs no patterns to track.
    static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS.toBuilder().enableUnknownTracking(false).build())
            .build();

    private Cel() {}

    /// Keeps what a loop was written as, so that a part of a condition can be written out again. For those who ask why,
    /// and made when the first does.
    static final class Written {
        static final CelCompiler COMPILER =
                compiler(OPTIONS.toBuilder().populateMacroCalls(true).build(), List.of());

        private Written() {}
    }

    static boolean allows(String function) {
        return FUNCTIONS.contains(function) || OPERATORS.contains(function);
    }

    /// The same with facts of sources.
    static CelCompiler with(Collection<Fact> sources) {
        return compiler(OPTIONS, sources);
    }

    /// What was checked before, read again.
    static CelAbstractSyntaxTree tree(String condition) {
        try {
            return COMPILER.parse(condition).getAst();
        } catch (CelValidationException failed) {
            throw new IllegalStateException("a condition that was checked: " + condition, failed);
        }
    }

    /// All that stands in it, from the top: of a loop what it goes over and what it asks of each.
    static Stream<CelExpr> all(CelExpr expr) {
        return Stream.concat(Stream.of(expr), below(expr).flatMap(Cel::all));
    }

    private static Stream<CelExpr> below(CelExpr expr) {
        return switch (expr.getKind()) {
            case SELECT -> Stream.of(expr.select().operand());
            case CALL -> Stream.concat(expr.call().target().stream(), expr.call().args().stream());
            case LIST -> expr.list().elements().stream();
            case COMPREHENSION ->
                Stream.of(expr.comprehension().iterRange(), expr.comprehension().loopStep());
            case NOT_SET, CONSTANT, IDENT, STRUCT, MAP -> Stream.of();
        };
    }

    /// The constants that stand in it.
    static Stream<CelConstant> constants(CelExpr expr) {
        return all(expr)
                .filter(it -> it.getKind() == CelExpr.ExprKind.Kind.CONSTANT)
                .map(CelExpr::constant);
    }

    private static CelCompiler compiler(CelOptions options, Collection<Fact> sources) {
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(options)
                .setStandardMacros(CelStandardMacro.EXISTS, CelStandardMacro.ALL, CelStandardMacro.HAS)
                .setResultType(SimpleType.BOOL);
        FactSchema.facts().forEach(fact -> builder.addVar(fact.name(), type(fact.type())));
        sources.forEach(fact -> builder.addVar(fact.name(), type(fact.type())));
        FactSchema.constants().keySet().forEach(name -> builder.addVar(name, SimpleType.INT));
        return builder.build();
    }

    private static CelType type(Fact.Type type) {
        return switch (type) {
            case TEXT -> SimpleType.STRING;
            case NUMBER -> SimpleType.INT;
            case TRUTH -> SimpleType.BOOL;
            case TEXTS -> ListType.create(SimpleType.STRING);
            case DETAILS -> ListType.create(MapType.create(SimpleType.STRING, SimpleType.DYN));
            case AMOUNTS -> MapType.create(SimpleType.STRING, MapType.create(SimpleType.STRING, SimpleType.DOUBLE));
        };
    }
}

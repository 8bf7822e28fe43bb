package dev.countersign.oauth;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.countersign.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A type of authorization details as its resource registers it, RFC 9396 §2: what its objects look like, how they read
/// to people, and what of them may be lowered.
///
/// A schema that lets unknown members or loose values through would let something be granted that no title, policy or
/// reviewer speaks of. So a type is refused when it is loaded unless its schema closes every object in it.
public final class DetailsType {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    /// Fetches nothing: a `$ref` leads within its schema or nowhere.
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaCacheEnabled(false)
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .formatAssertionsEnabled(true)
                            .failFast(true)
                            .locale(Locale.ENGLISH)
                            .build())
                    .resourceLoaders(loaders -> loaders.values(List::clear)));

    private final String type;
    private final String title;
    private final Risk risk;
    private final Set<String> lowerable;
    private final Set<String> numbers;
    private final Sentence sentence;
    private final Schema schema;
    private final Harm harm;

    private DetailsType(
            String type,
            String title,
            Risk risk,
            Set<String> lowerable,
            Set<String> numbers,
            Sentence sentence,
            Schema schema,
            Harm harm) {
        this.type = type;
        this.title = title;
        this.risk = risk;
        this.lowerable = lowerable;
        this.numbers = numbers;
        this.sentence = sentence;
        this.schema = schema;
        this.harm = harm;
    }

    /// What loading came to.
    public sealed interface Loaded {
        /// The type, or an exception with all faults: for those who wrote the type themselves.
        DetailsType orThrow();
    }

    /// It can be used.
    public record Ready(DetailsType type) implements Loaded {
        @Override
        public DetailsType orThrow() {
            return type;
        }
    }

    /// It cannot, and this is everything that is wrong.
    public record Faulty(List<Fault> faults) implements Loaded {
        @Override
        public DetailsType orThrow() {
            throw new IllegalArgumentException(faults.toString());
        }
    }

    /// One thing that is wrong, and in which part of the registration.
    public record Fault(Part part, String what) {}

    /// The parts of a registration, by the names they have in the configuration.
    public enum Part {
        TYPE,
        TITLE,
        SCHEMA,
        LOWERABLE
    }

    /// Loads a type.
    ///
    /// @param type the value of the objects' `type` member, which the schema need not repeat
    /// @param title a sentence for reviewers with members in braces: `Refund {amount} {currency}`
    /// @param schema a JSON Schema 2020-12 of the objects, as text
    /// @param lowerable the members of which less is less: numbers that may be lowered, lists that may be shortened
    public static Loaded load(String type, String title, Risk risk, String schema, List<String> lowerable) {
        var faults = new ArrayList<Fault>();
        if (type.isBlank() || !type.equals(ClientText.inert(type)) || type.length() > 200) {
            faults.add(new Fault(Part.TYPE, "a type is up to 200 visible characters"));
        }
        JsonNode read;
        try {
            read = Json.read(schema);
        } catch (Json.Malformed fault) {
            faults.add(new Fault(Part.SCHEMA, "not JSON: " + fault.getMessage()));
            return new Faulty(List.copyOf(faults));
        }
        if (!(read instanceof ObjectNode root)) {
            faults.add(new Fault(Part.SCHEMA, "a schema of objects is itself an object"));
            return new Faulty(List.copyOf(faults));
        }
        if (root.path("properties") instanceof ObjectNode properties && !properties.has("type")) {
            properties.putObject("type").put("const", type);
        }
        var open = ClosedSchema.faults(root);
        open.forEach(what -> faults.add(new Fault(Part.SCHEMA, what)));
        var compiled = open.isEmpty() ? compile(root, faults) : Optional.<Schema>empty();
        var sentence = Sentence.read(title, root, what -> faults.add(new Fault(Part.TITLE, what)));
        for (var member : lowerable) {
            lowerableFault(member, root).ifPresent(what -> faults.add(new Fault(Part.LOWERABLE, what)));
        }
        return compiled.isPresent() && faults.isEmpty()
                ? new Ready(new DetailsType(
                        type,
                        title,
                        risk,
                        Set.copyOf(lowerable),
                        numbers(root),
                        sentence,
                        compiled.orElseThrow(),
                        Harm.UNSAID))
                : new Faulty(List.copyOf(faults));
    }

    private static Optional<Schema> compile(ObjectNode root, List<Fault> faults) {
        var draft = root.path("$schema");
        if (!draft.isMissingNode() && !draft.asString("").equals(DRAFT)) {
            faults.add(new Fault(Part.SCHEMA, "$schema is not " + DRAFT));
            return Optional.empty();
        }
        try {
            var wrong = Metaschema.SCHEMA.validate(root);
            if (!wrong.isEmpty()) {
                faults.add(new Fault(Part.SCHEMA, "not a JSON Schema: " + wrong.getFirst()));
                return Optional.empty();
            }
            var compiled = SCHEMAS.getSchema(root);
            compiled.initializeValidators(); // finds references to nowhere now, not at the first request
            return Optional.of(compiled);
        } catch (SchemaException fault) {
            faults.add(new Fault(Part.SCHEMA, String.valueOf(fault.getMessage())));
            return Optional.empty();
        }
    }

    private static Optional<String> lowerableFault(String member, JsonNode root) {
        return switch (root.path("properties").path(member).path("type").asString("")) {
            case "integer", "number", "array" -> Optional.empty();
            default -> Optional.of(member + " is neither a number nor a list by the schema's properties");
        };
    }

    /// The schema of schemas, read once and only where schemas are loaded.
    private static final class Metaschema {
        private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(DRAFT));
    }

    /// The value of `type` in its objects.
    public String type() {
        return type;
    }

    /// The sentence as registered, with members in braces.
    public String title() {
        return title;
    }

    /// How much harm objects of this type can do.
    public Risk risk() {
        return risk;
    }

    /// What objects of this type can do at worst.
    public Harm harm() {
        return harm;
    }

    /// The same type, of which its owner says this.
    public DetailsType with(Harm said) {
        return new DetailsType(type, title, risk, lowerable, numbers, sentence, schema, said);
    }

    /// The members of which less is less.
    public Set<String> lowerable() {
        return lowerable;
    }

    /// The members that the schema says are numbers, of which sums are made.
    public Set<String> numbers() {
        return numbers;
    }

    /// The members of objects that a schema says are numbers.
    public static Set<String> numbers(JsonNode schema) {
        return schema.path("properties").properties().stream()
                .filter(it -> Set.of("integer", "number")
                        .contains(it.getValue().path("type").asString("")))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// An object of this type as a sentence for people: plain text on one line, in which the object's values are
    /// inert, quoted where they are more than one word, and cut where they are long.
    public String sentence(JsonNode object) {
        return sentence.of(object);
    }

    /// Where an object breaks the schema first, in words for its sender; empty when it keeps it.
    Optional<String> wrong(JsonNode object) {
        return schema.validate(object).stream().findFirst().map(DetailsType::words);
    }

    private static String words(Error error) {
        var where = error.getInstanceLocation().toString();
        var member = error.getProperty() == null ? "" : " (" + error.getProperty() + ")";
        return (where.isEmpty() ? "the object" : where) + " breaks " + error.getKeyword() + member;
    }
}

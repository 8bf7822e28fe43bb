package dev.countersign.oauth;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// Finds where a JSON Schema 2020-12 lets through what it does not name: objects with unknown members, values of any
/// kind, keywords that are misspelt and therefore mean nothing.
///
/// Stricter than the standard on purpose, and easy to satisfy: every value's schema says its `type` (or `const`,
/// `enum`, `$ref`, or alternatives that do), every object has `additionalProperties: false`, every array has `items`.
/// Then whatever stands beside those (`allOf`, `if`, `dependentSchemas`) can only refine what is already closed.
final class ClosedSchema {
    private static final List<String> MAPS = List.of("properties", "patternProperties", "$defs", "dependentSchemas");
    private static final List<String> LISTS = List.of("allOf", "anyOf", "oneOf", "prefixItems");
    private static final List<String> SINGLES = List.of(
            "items",
            "contains",
            "additionalProperties",
            "propertyNames",
            "unevaluatedProperties",
            "unevaluatedItems",
            "not",
            "if",
            "then",
            "else");
    private static final Set<String> OTHERS = Set.of(
            "$schema",
            "$id",
            "$ref",
            "$comment",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "type",
            "const",
            "enum",
            "format",
            "required",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "minContains",
            "maxContains",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "pattern");

    private final JsonNode root;
    private final List<String> faults = new ArrayList<>();
    private final Set<String> followed = new HashSet<>();

    private ClosedSchema(JsonNode root) {
        this.root = root;
    }

    /// What is open in the schema of an object; empty when nothing is.
    static List<String> faults(JsonNode root) {
        var search = new ClosedSchema(root);
        search.keywords(root, "the schema");
        if (root.path("type").asString("").equals("object")
                && root.path("properties").isObject()) {
            search.value(root, "the schema");
        } else {
            search.faults.add("the schema is not of type object with properties");
        }
        return List.copyOf(search.faults);
    }

    private void keywords(JsonNode schema, String at) {
        for (var name : schema.propertyNames()) {
            var inner = schema.path(name);
            if (name.equals("pattern") && !isPattern(inner.asString(""))) {
                faults.add(at + " has a pattern that cannot be read");
            }
            if (MAPS.contains(name)) {
                inner.propertyStream().forEach(it -> keywords(it.getValue(), at + "/" + it.getKey()));
            } else if (LISTS.contains(name)) {
                inner.valueStream().forEach(it -> keywords(it, at + "/" + name));
            } else if (SINGLES.contains(name)) {
                keywords(inner, at + "/" + name);
            } else if (!OTHERS.contains(name)) {
                faults.add(at + " has the unknown keyword " + name);
            }
        }
    }

    /// The schema of a value must itself say what the value is.
    private void value(JsonNode schema, String at) {
        if (schema.isBoolean()) {
            if (schema.booleanValue()) {
                faults.add(at + " lets any value through");
            }
        } else if (schema.has("$ref")) {
            follow(schema.path("$ref").asString(""), at);
        } else if (schema.has("type")) {
            typed(schema, at);
        } else if (schema.has("anyOf") || schema.has("oneOf")) {
            var alternatives = schema.has("anyOf") ? "anyOf" : "oneOf";
            schema.path(alternatives).valueStream().forEach(it -> value(it, at + "/" + alternatives));
        } else if (!schema.has("const") && !schema.has("enum")) {
            faults.add(at + " says no type");
        }
    }

    private void typed(JsonNode schema, String at) {
        if (allows(schema, "object")) {
            var others = schema.path("additionalProperties");
            if (!others.isBoolean() || others.booleanValue()) {
                faults.add(at + " has no additionalProperties: false");
            }
            for (var members : List.of("properties", "patternProperties")) {
                schema.path(members).propertyStream().forEach(it -> value(it.getValue(), at + "/" + it.getKey()));
            }
        }
        if (allows(schema, "array")) {
            schema.path("prefixItems").valueStream().forEach(it -> value(it, at + "/prefixItems"));
            if (schema.has("items")) {
                value(schema.path("items"), at + "/items");
            } else {
                faults.add(at + " has no items");
            }
        }
    }

    /// A `$ref` into the schema itself; each target is looked at once.
    private void follow(String reference, String at) {
        var target = reference.startsWith("#/") ? root.at(reference.substring(1)) : root.path("");
        if (target.isMissingNode()) {
            faults.add(at + " refers to " + reference + ", which is not in the schema");
        } else if (followed.add(reference)) {
            value(target, reference);
        }
    }

    private static boolean allows(JsonNode schema, String type) {
        return schema.path("type").asString("").equals(type)
                || schema.path("type")
                        .valueStream()
                        .anyMatch(it -> it.asString("").equals(type));
    }

    private static boolean isPattern(String pattern) {
        try {
            Pattern.compile(pattern);
            return true;
        } catch (PatternSyntaxException fault) {
            return false;
        }
    }
}

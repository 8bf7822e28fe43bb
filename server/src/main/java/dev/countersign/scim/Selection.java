package dev.countersign.scim;

import dev.countersign.http.Request;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which attributes of a resource are wanted, RFC 7644 §3.9: only some, or all but some. `id` and `schemas` always are.
///
/// @param only in lower case; empty for all
/// @param without in lower case
record Selection(Set<String> only, Set<String> without) {
    private static final Set<String> ALWAYS = Set.of("id", "schemas");

    static Selection of(ResourceType type, Request request) {
        return new Selection(names(type, request, "attributes"), names(type, request, "excludedAttributes"));
    }

    private static Set<String> names(ResourceType type, Request request, String parameter) {
        return request.query().stream()
                .filter(it -> it.name().equalsIgnoreCase(parameter))
                .flatMap(it -> Arrays.stream(it.value().split(",")))
                .map(it -> AttributePath.withoutSchema(type, it.strip()).toLowerCase(Locale.ROOT))
                .filter(it -> !it.isEmpty())
                .collect(Collectors.toSet());
    }

    /// Whether an attribute is wanted, or a part of it.
    boolean has(String attribute) {
        var name = attribute.toLowerCase(Locale.ROOT);
        return !without.contains(name)
                && (only.isEmpty() || only.stream().anyMatch(it -> it.equals(name) || it.startsWith(name + ".")));
    }

    boolean isNarrow() {
        return !only.isEmpty();
    }

    /// The resource with what is wanted of it.
    ObjectNode of(ObjectNode resource) {
        for (var name : List.copyOf(resource.propertyNames())) {
            if (!has(name) && !ALWAYS.contains(name)) {
                resource.remove(name);
            } else {
                narrow(resource.path(name), name.toLowerCase(Locale.ROOT));
            }
        }
        return resource;
    }

    private void narrow(JsonNode value, String name) {
        var parts = new HashSet<String>();
        var gone = new HashSet<String>();
        if (!only.contains(name)) {
            after(only, name).forEach(parts::add);
        }
        after(without, name).forEach(gone::add);
        if (parts.isEmpty() && gone.isEmpty()) {
            return;
        }
        var objects = value.isArray() ? value.valueStream() : Stream.of(value);
        objects.filter(JsonNode::isObject).map(ObjectNode.class::cast).forEach(it -> {
            for (var part : List.copyOf(it.propertyNames())) {
                var lower = part.toLowerCase(Locale.ROOT);
                if (gone.contains(lower) || !(parts.isEmpty() || parts.contains(lower))) {
                    it.remove(part);
                }
            }
        });
    }

    private static Stream<String> after(Set<String> names, String name) {
        return names.stream().filter(it -> it.startsWith(name + ".")).map(it -> it.substring(name.length() + 1));
    }
}

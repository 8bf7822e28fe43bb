package dev.countersign.scim;

import dev.countersign.http.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a PATCH changes, RFC 7644 §3.5.2: its operations in their order, all of them or none.
///
/// Providers write the operations in any letter case, leave the path out and put it into the value instead, take a
/// member out by a value beside the path, and write flags as strings. All of that is taken; nothing that would be of
/// consequence is passed over.
record Patch(List<Step> steps) {
    private static final int MOST = 1_000;

    private enum Op {
        ADD,
        REPLACE,
        REMOVE
    }

    /// One operation on one attribute that is kept.
    private record Step(Op op, AttributePath path, JsonNode value) {}

    /// Reads one.
    static Patch read(ResourceType type, JsonNode body) {
        var operations = Attribute.named(
                        List.of(Attribute.list("Operations", "")), body.isObject() ? body.properties() : List.of())
                .values()
                .stream()
                .findFirst()
                .filter(JsonNode::isArray)
                .orElseThrow(() -> ScimFault.invalidSyntax("a PATCH has Operations, which is a list"));
        if (operations.size() > MOST) {
            throw ScimFault.of(413, "a PATCH has at most " + MOST + " operations; send it in pieces");
        }
        var steps = new ArrayList<Step>();
        operations.forEach(it -> read(type, it, steps));
        return new Patch(List.copyOf(steps));
    }

    private static void read(ResourceType type, JsonNode operation, List<Step> steps) {
        if (!operation.isObject()) {
            throw ScimFault.invalidSyntax("an operation is an object with op, path and value");
        }
        var op = op(operation.path("op"));
        var path = operation.path("path");
        var value = operation.path("value");
        if (path.isString() && !path.stringValue().isEmpty()) {
            step(type, op, path.stringValue(), value, steps);
        } else if (!path.isMissingNode() && !path.isNull() && !path.isString()) {
            throw ScimFault.invalidPath("a path is a string");
        } else if (op == Op.REMOVE) {
            throw ScimFault.noTarget("what is removed is named by a path"); // §3.5.2.2
        } else if (value.isObject()) {
            value.properties().forEach(it -> step(type, op, it.getKey(), it.getValue(), steps));
        } else {
            throw ScimFault.invalidValue("an operation without a path has an object as its value");
        }
    }

    private static void step(ResourceType type, Op op, String path, JsonNode value, List<Step> steps) {
        if (op != Op.REMOVE && value.isMissingNode()) {
            throw ScimFault.invalidValue("an operation that adds or replaces has a value");
        }
        AttributePath.parse(type, path).ifPresent(it -> steps.add(new Step(op, it, value)));
    }

    private static Op op(JsonNode written) {
        return switch (written.isString() ? written.stringValue().toLowerCase(Locale.ROOT) : "") {
            case "add" -> Op.ADD;
            case "replace" -> Op.REPLACE;
            case "remove" -> Op.REMOVE;
            default -> throw ScimFault.invalidSyntax("an op is add, replace or remove");
        };
    }

    /// The resource that comes of one; that one stays as it is.
    ObjectNode applied(ObjectNode to) {
        var resource = to.deepCopy();
        steps.forEach(it -> {
            if (it.path().attribute().many()) {
                list(resource, it);
            } else {
                one(resource, it);
            }
        });
        return resource;
    }

    /// §3.5.2.3: of one that is complex, parts that are not named stay.
    private static void one(ObjectNode resource, Step step) {
        var attribute = step.path().attribute();
        var sub = step.path().sub();
        if (sub.isPresent()) {
            var holder = resource.path(attribute.name()).isObject()
                    ? (ObjectNode) resource.path(attribute.name())
                    : Json.object();
            set(holder, sub.get(), step);
            resource.set(attribute.name(), holder);
        } else if (attribute.type() == Attribute.Type.COMPLEX && step.op() != Op.REMOVE) {
            var merged = resource.path(attribute.name()).isObject()
                    ? (ObjectNode) resource.path(attribute.name())
                    : Json.object();
            Resource.value(attribute, step.value()).ifPresent(it -> merged.setAll((ObjectNode) it));
            resource.set(attribute.name(), merged);
        } else {
            set(resource, attribute, step);
        }
    }

    private static void set(ObjectNode holder, Attribute attribute, Step step) {
        var value = step.op() == Op.REMOVE ? Optional.<JsonNode>empty() : Resource.value(attribute, step.value());
        value.ifPresentOrElse(it -> holder.set(attribute.name(), it), () -> holder.remove(attribute.name()));
    }

    private static void list(ObjectNode resource, Step step) {
        var attribute = step.path().attribute();
        var name = attribute.name();
        var now = resource.path(name).isArray() ? (ArrayNode) resource.path(name) : Json.array();
        var chosen = step.path().chosen();
        var sub = step.path().sub();
        if (sub.isPresent()) {
            parts(now, step, sub.get());
        } else if (chosen.isEmpty()) {
            whole(now, step);
        } else if (step.op() == Op.REMOVE) {
            now.removeIf(it -> matches(it, chosen));
        } else {
            var with = Resource.list(attribute, step.value());
            each(now, chosen, it -> with.forEach(more -> it.setAll((ObjectNode) more)), Optional.empty());
        }
        resource.set(name, now);
    }

    /// All of the list. Of what is there already nothing is added; what is removed may be named by its value.
    private static void whole(ArrayNode now, Step step) {
        var attribute = step.path().attribute();
        if (step.op() == Op.REMOVE) {
            if (step.value().isMissingNode() || step.value().isNull()) {
                now.removeAll();
            } else {
                var gone = values(Resource.list(attribute, step.value()));
                now.removeIf(it -> gone.contains(it.path("value").asString("")));
            }
            return;
        }
        if (step.op() == Op.REPLACE) {
            now.removeAll();
        }
        var there = values(now);
        Resource.value(attribute, step.value())
                .ifPresent(more -> more.forEach(it -> {
                    if (there.add(it.path("value").asString(""))) {
                        now.add(it);
                    }
                }));
    }

    private static Set<String> values(ArrayNode list) {
        var values = new HashSet<String>();
        list.forEach(it -> values.add(it.path("value").asString("")));
        return values;
    }

    /// A part of those that are chosen; where none is, one comes that would be.
    private static void parts(ArrayNode now, Step step, Attribute sub) {
        var chosen = step.path().chosen();
        if (step.op() == Op.REMOVE) {
            now.forEach(it -> {
                if (matches(it, chosen)) {
                    ((ObjectNode) it).remove(sub.name());
                }
            });
        } else {
            each(now, chosen, it -> set(it, sub, step), Optional.of(like(chosen)));
        }
    }

    private static ObjectNode like(Map<Attribute, String> chosen) {
        var like = Json.object();
        chosen.forEach((attribute, value) -> like.set(
                attribute.name(), Resource.value(attribute, Json.node(value)).orElseThrow()));
        return like;
    }

    private static void each(
            ArrayNode now, Map<Attribute, String> chosen, Consumer<ObjectNode> change, Optional<ObjectNode> missing) {
        boolean found = false;
        for (var it : now) {
            if (matches(it, chosen)) {
                change.accept((ObjectNode) it);
                found = true;
            }
        }
        if (!found) {
            var made = missing.orElseThrow(() -> ScimFault.noTarget("nothing in the list is like that"));
            change.accept(made);
            now.add(made);
        }
    }

    private static boolean matches(JsonNode it, Map<Attribute, String> chosen) {
        return chosen.entrySet().stream().allMatch(want -> {
            var value = it.path(want.getKey().name()).asString("");
            return want.getKey().exact() ? value.equals(want.getValue()) : value.equalsIgnoreCase(want.getValue());
        });
    }
}

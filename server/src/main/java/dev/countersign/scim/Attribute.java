package dev.countersign.scim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// An attribute that is kept of a resource, RFC 7643 §7. Names are compared without regard to case (§2.1).
///
/// @param subs its parts, of one that is complex; none of one that is a text or a flag
record Attribute(
        String name, Type type, boolean many, boolean required, boolean exact, String about, List<Attribute> subs) {
    enum Type {
        STRING,
        BOOLEAN,
        REFERENCE,
        COMPLEX
    }

    static Attribute text(String name, String about) {
        return new Attribute(name, Type.STRING, false, false, false, about, List.of());
    }

    static Attribute flag(String name, String about) {
        return new Attribute(name, Type.BOOLEAN, false, false, false, about, List.of());
    }

    static Attribute complex(String name, String about, Attribute... subs) {
        return new Attribute(name, Type.COMPLEX, false, false, false, about, List.of(subs));
    }

    static Attribute list(String name, String about, Attribute... subs) {
        return new Attribute(name, Type.COMPLEX, true, false, false, about, List.of(subs));
    }

    Attribute needed() {
        return new Attribute(name, type, many, true, exact, about, subs);
    }

    Attribute compared() {
        return new Attribute(name, type, many, required, true, about, subs);
    }

    /// The part of that name.
    Optional<Attribute> sub(String name) {
        return find(subs, name);
    }

    static Optional<Attribute> find(List<Attribute> all, String name) {
        return all.stream().filter(it -> it.name.equalsIgnoreCase(name)).findFirst();
    }

    /// As `/Schemas` shows it.
    Map<String, Object> json(boolean unique) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", name);
        json.put("type", type.name().toLowerCase(Locale.ROOT));
        json.put("multiValued", many);
        json.put("description", about);
        json.put("required", required);
        json.put("mutability", "readWrite");
        json.put("returned", "default");
        if (type != Type.BOOLEAN) {
            json.put("caseExact", exact);
            json.put("uniqueness", unique ? "server" : "none");
        }
        if (!subs.isEmpty()) {
            json.put("subAttributes", subs.stream().map(it -> it.json(false)).toList());
        }
        return json;
    }

    /// Whatever a provider sent, under the names of the schema and without what is not kept.
    static <V> Map<Attribute, V> named(List<Attribute> all, Iterable<Map.Entry<String, V>> sent) {
        var named = new HashMap<Attribute, V>();
        var twice = new ArrayList<String>();
        sent.forEach(it -> find(all, it.getKey()).ifPresent(attribute -> {
            if (named.put(attribute, it.getValue()) != null) {
                twice.add(attribute.name());
            }
        }));
        if (!twice.isEmpty()) {
            throw ScimFault.invalidSyntax(twice.getFirst() + " stands there twice, in different letter cases");
        }
        return named;
    }
}

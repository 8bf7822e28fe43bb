package dev.countersign.scim;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What one operation of a PATCH changes, RFC 7644 §3.5.2: `active`, `name.givenName`, `emails[type eq "work"].value`.
///
/// @param chosen which of many, by the values of their parts; empty for all
/// @param sub the part; empty for the whole
record AttributePath(Attribute attribute, Map<Attribute, String> chosen, Optional<Attribute> sub) {
    private static final int LONGEST = 500;

    private static final Pattern FORM = Pattern.compile(
            "([A-Za-z$][A-Za-z0-9$_-]{0,99})(?:\\[(.*)])?(?:\\.([A-Za-z$][A-Za-z0-9$_-]{0,99}))?", Pattern.DOTALL);

    /// Reads one; empty for what is of the schema or of an extension, and not kept.
    static Optional<AttributePath> parse(ResourceType type, String written) {
        if (written.length() > LONGEST) {
            throw ScimFault.invalidPath("a path has at most " + LONGEST + " characters");
        }
        var text = withoutSchema(type, written);
        if (isOurs(text)) {
            throw ScimFault.invalidPath("an attribute of this schema is named without it, or as URN:attribute");
        }
        if (text.toLowerCase(Locale.ROOT).startsWith("urn:")) {
            return Optional.empty();
        }
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw ScimFault.invalidPath("a path is such as active, name.givenName or members[value eq \"ID\"]");
        }
        if (type.ignores(form.group(1))) {
            return Optional.empty();
        }
        var attribute = type.attribute(form.group(1)).orElseThrow(() -> unknown(type, form.group(1)));
        var chosen = Optional.ofNullable(form.group(2))
                .map(it -> chosen(attribute, it))
                .orElse(Map.of());
        var sub = Optional.ofNullable(form.group(3)).map(it -> sub(attribute, it));
        return Optional.of(new AttributePath(attribute, chosen, sub));
    }

    /// Whether it speaks of what is kept, and not of an extension: then nothing of it is passed over.
    static boolean isOurs(String urn) {
        return urn.toLowerCase(Locale.ROOT).startsWith("urn:") && urn.contains(":core:");
    }

    private static ScimFault unknown(ResourceType type, String name) {
        return ScimFault.invalidPath("a " + type.title() + " has no attribute " + name);
    }

    private static Map<Attribute, String> chosen(Attribute of, String filter) {
        if (!of.many()) {
            throw ScimFault.invalidPath(of.name() + " is one, of which none can be chosen");
        }
        return Attribute.named(of.subs(), known(of, Filter.parse(filter)).entrySet());
    }

    private static Map<String, String> known(Attribute of, Map<String, String> wanted) {
        wanted.keySet().forEach(it -> sub(of, it));
        return wanted;
    }

    private static Attribute sub(Attribute of, String name) {
        return of.sub(name).orElseThrow(() -> ScimFault.invalidPath(of.name() + " has no part " + name));
    }

    /// §3.10: an attribute may be written with the URN of its schema.
    static String withoutSchema(ResourceType type, String written) {
        var schema = type.schema() + ":";
        return written.regionMatches(true, 0, schema, 0, schema.length())
                ? written.substring(schema.length())
                : written;
    }
}

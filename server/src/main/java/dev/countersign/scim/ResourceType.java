package dev.countersign.scim;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What is provisioned, and what is kept of it: RFC 7643 §4.1 and §4.2, as far as anybody here needs it. The rest of
/// the core schema and all extensions may be sent, and are not kept.
///
/// @param path where they are
/// @param ignored what may be sent and is not kept, in lower case
record ResourceType(String title, String path, List<Attribute> attributes, Set<String> ignored) {
    static final ResourceType USER = new ResourceType(
            "User",
            "Users",
            List.of(
                    Attribute.text("userName", "What others call them.").needed(),
                    Attribute.text("externalId", "What the provider calls them.")
                            .compared(),
                    Attribute.complex(
                            "name",
                            "Their name.",
                            Attribute.text("formatted", "All of it."),
                            Attribute.text("givenName", "The given name."),
                            Attribute.text("familyName", "The family name.")),
                    Attribute.text("displayName", "The name that others read."),
                    Attribute.list(
                            "emails",
                            "Where mail reaches them.",
                            Attribute.text("value", "The address."),
                            Attribute.text("type", "What it is for, such as work."),
                            Attribute.flag("primary", "Whether it is the one that counts.")),
                    Attribute.flag("active", "Whether they may come.")),
            Set.of(
                    "nickname",
                    "profileurl",
                    "title",
                    "usertype",
                    "preferredlanguage",
                    "locale",
                    "timezone",
                    "password",
                    "phonenumbers",
                    "ims",
                    "photos",
                    "addresses",
                    "groups",
                    "entitlements",
                    "roles",
                    "x509certificates"));

    static final ResourceType GROUP = new ResourceType(
            "Group",
            "Groups",
            List.of(
                    Attribute.text("displayName", "What the provider calls it.").needed(),
                    Attribute.text("externalId", "Its id at the provider.").compared(),
                    Attribute.list(
                            "members",
                            "The users in it.",
                            Attribute.text("value", "The id of a user.").compared())),
            Set.of());

    static final List<ResourceType> ALL = List.of(USER, GROUP);

    private static final Set<String> COMMON = Set.of("id", "schemas", "meta");

    String schema() {
        return "urn:ietf:params:scim:schemas:core:2.0:" + title;
    }

    Optional<Attribute> attribute(String name) {
        return Attribute.find(attributes, name);
    }

    /// Whether it is of the schema, though not kept or not for others to write.
    boolean ignores(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return ignored.contains(lower) || COMMON.contains(lower);
    }
}

package dev.countersign.scim;

import dev.countersign.http.Json;
import dev.countersign.oauth.ClientText;
import dev.countersign.people.ProvisionedUser;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A user as providers write one, RFC 7643 §4.1, and what is taken of it.
final class UserForm {
    private static final Pattern EMAIL = Pattern.compile("[^\\s@<>\"]{1,64}@[A-Za-z0-9.-]{1,190}");
    private static final int LONGEST = 100;

    private UserForm() {}

    /// One that comes whole.
    ///
    /// @param active what holds when it does not say: somebody who was let go is not let in by what is left out
    static ProvisionedUser.Said read(JsonNode sent, boolean active) {
        var user = Resource.read(ResourceType.USER, sent);
        if (!user.has("active")) {
            user.put("active", active);
        }
        return said(user);
    }

    /// One that comes of another.
    static ProvisionedUser.Said patched(ProvisionedUser.Said was, Patch patch) {
        return said(Resource.read(ResourceType.USER, patch.applied(kept(was))));
    }

    private static ProvisionedUser.Said said(ObjectNode user) {
        var userName = text(user, "userName");
        if (userName.isEmpty()) {
            throw ScimFault.invalidValue("a user has a userName");
        }
        if (!user.has("active")) {
            throw ScimFault.invalidValue("active is true or false, and cannot be taken away");
        }
        return new ProvisionedUser.Said(
                userName,
                Optional.of(text(user, "externalId")).filter(it -> !it.isEmpty()),
                user.path("active").asBoolean(),
                name(user, userName),
                email(user.path("emails")),
                Json.write(user));
    }

    /// Others read it beside a vote.
    private static String name(ObjectNode user, String userName) {
        var name = user.path("name");
        var both = (text(name, "givenName") + " " + text(name, "familyName")).strip();
        return Stream.of(text(user, "displayName"), text(name, "formatted"), both, userName)
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .map(it -> ClientText.inert(it, LONGEST))
                .findFirst()
                .orElse("");
    }

    /// The one that counts, else one for work, else any.
    private static String email(JsonNode emails) {
        return Stream.<Predicate<JsonNode>>of(
                        it -> it.path("primary").asBoolean(false),
                        it -> text(it, "type").equalsIgnoreCase("work"),
                        _ -> true)
                .flatMap(chosen -> emails.valueStream().filter(chosen))
                .map(it -> text(it, "value"))
                .filter(it -> EMAIL.matcher(it).matches())
                .findFirst()
                .orElse("");
    }

    private static String text(JsonNode of, String name) {
        return of.path(name).asString("");
    }

    /// What is kept of a user, to be shown or changed.
    static ObjectNode kept(ProvisionedUser.Said said) {
        return (ObjectNode) Json.read(said.attributes());
    }
}

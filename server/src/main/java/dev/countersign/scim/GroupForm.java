package dev.countersign.scim;

import dev.countersign.http.Json;
import dev.countersign.people.ProvisionedGroup;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A group as providers write one, RFC 7643 §4.2.
final class GroupForm {
    private GroupForm() {}

    /// One that comes whole.
    static ProvisionedGroup.Said read(JsonNode sent) {
        return said(Resource.read(ResourceType.GROUP, sent));
    }

    /// One that comes of another.
    static ProvisionedGroup.Said patched(ProvisionedGroup.Said was, Patch patch) {
        return said(Resource.read(ResourceType.GROUP, patch.applied(kept(was))));
    }

    private static ProvisionedGroup.Said said(ObjectNode group) {
        var shown = group.path("displayName").asString("");
        if (shown.isBlank()) {
            throw ScimFault.invalidValue("a group has a displayName");
        }
        return new ProvisionedGroup.Said(
                shown,
                Optional.of(group.path("externalId").asString("")).filter(it -> !it.isEmpty()),
                members(group.path("members")));
    }

    private static Set<String> members(JsonNode list) {
        var members = new HashSet<String>();
        list.forEach(it -> {
            var member = it.path("value").asString("");
            if (member.isEmpty()) {
                throw ScimFault.invalidValue("a member has a value, which is the id of a user");
            }
            members.add(member);
        });
        return members;
    }

    /// What is kept of a group, to be shown or changed.
    static ObjectNode kept(ProvisionedGroup.Said said) {
        var kept = Json.object().put("displayName", said.shown());
        said.externalId().ifPresent(it -> kept.put("externalId", it));
        if (!said.members().isEmpty()) {
            var members = kept.putArray("members");
            new TreeSet<>(said.members()).forEach(it -> members.addObject().put("value", it));
        }
        return kept;
    }
}

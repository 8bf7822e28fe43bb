package dev.countersign.scim;

import dev.countersign.people.Provisioning;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What this server has of SCIM, RFC 7643 §5 to §7.
final class Discovery {
    private static final String CORE = "urn:ietf:params:scim:schemas:core:2.0:";

    private final String base;

    /// @param base where SCIM is, as providers see it
    Discovery(String base) {
        this.base = base;
    }

    Map<String, Object> serviceProvider() {
        var json = new LinkedHashMap<String, Object>();
        json.put("schemas", List.of(CORE + "ServiceProviderConfig"));
        json.put("patch", Map.of("supported", true));
        json.put("bulk", Map.of("supported", false, "maxOperations", 0, "maxPayloadSize", 0));
        json.put("filter", Map.of("supported", true, "maxResults", ScimApi.MOST));
        json.put("changePassword", Map.of("supported", false));
        json.put("sort", Map.of("supported", false));
        json.put("etag", Map.of("supported", true));
        json.put(
                "authenticationSchemes",
                List.of(Map.of(
                        "type",
                        "oauthbearertoken",
                        "name",
                        "Bearer token",
                        "description",
                        "A token that countersign scim-token issue makes. A group has at most "
                                + Provisioning.MOST_MEMBERS + " members.",
                        "specUri",
                        "https://www.rfc-editor.org/info/rfc6750",
                        "primary",
                        true)));
        json.put("meta", meta("ServiceProviderConfig", "/ServiceProviderConfig"));
        return json;
    }

    Map<String, Object> type(ResourceType it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("schemas", List.of(CORE + "ResourceType"));
        json.put("id", it.title());
        json.put("name", it.title());
        json.put("endpoint", "/" + it.path());
        json.put("schema", it.schema());
        json.put("schemaExtensions", List.of());
        json.put("meta", meta("ResourceType", "/ResourceTypes/" + it.title()));
        return json;
    }

    Map<String, Object> schema(ResourceType it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("schemas", List.of(CORE + "Schema"));
        json.put("id", it.schema());
        json.put("name", it.title());
        json.put("description", "What is kept of a " + it.title() + "; the rest may be sent.");
        json.put(
                "attributes",
                it.attributes().stream()
                        .map(of -> of.json(it.equals(ResourceType.USER)
                                && (of.required() || of.name().equals("externalId"))))
                        .toList());
        json.put("meta", meta("Schema", "/Schemas/" + it.schema()));
        return json;
    }

    private Map<String, Object> meta(String type, String path) {
        return Map.of("resourceType", type, "location", base + path);
    }
}

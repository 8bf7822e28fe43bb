package dev.countersign.scim;

import dev.countersign.http.Handler;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.people.NotProvisioned;
import dev.countersign.people.ProvisionedGroup;
import dev.countersign.people.ProvisionedUser;
import dev.countersign.people.Provisioning;
import dev.countersign.people.ScimToken;
import dev.countersign.people.ScimTokens;
import dev.countersign.store.Overloaded;
import dev.countersign.store.StoreFailed;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/scim/v2`: what identity providers call, RFC 7644. Each call is by a token that is one provider's, which sees and
/// changes nothing but its own users and groups.
public final class ScimApi {
    /// §3.1
    static final String TYPE = "application/scim+json";

    /// As long as a page may be.
    static final int MOST = 200;

    /// The same of groups with their members.
    private static final int MOST_WITH_MEMBERS = 20;

    private static final int USUAL = 100;
    private static final int LARGEST_USER = 64 * 1024;
    private static final int LARGEST_GROUP = 2 * 1024 * 1024;
    private static final String LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    private final String base;
    private final ScimTokens tokens;
    private final Provisioning provisioning;
    private final Discovery discovery;

    /// @param issuer this server's URL as others see it
    public ScimApi(String issuer, ScimTokens tokens, Provisioning provisioning) {
        this.base = issuer + "/scim/v2";
        this.tokens = tokens;
        this.provisioning = provisioning;
        this.discovery = new Discovery(base);
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        routes.get("/scim/v2/Users", answered(this::users));
        routes.post("/scim/v2/Users", answered(this::addUser));
        routes.get("/scim/v2/Users/{id}", answered(this::user));
        routes.put("/scim/v2/Users/{id}", answered(this::replaceUser));
        routes.patch("/scim/v2/Users/{id}", answered(this::patchUser));
        routes.delete("/scim/v2/Users/{id}", answered(this::deleteUser));
        routes.get("/scim/v2/Groups", answered(this::groups));
        routes.post("/scim/v2/Groups", answered(this::addGroup));
        routes.get("/scim/v2/Groups/{id}", answered(this::group));
        routes.put("/scim/v2/Groups/{id}", answered(this::replaceGroup));
        routes.patch("/scim/v2/Groups/{id}", answered(this::patchGroup));
        routes.delete("/scim/v2/Groups/{id}", answered(this::deleteGroup));
        routes.get("/scim/v2/ServiceProviderConfig", answered((_, _) -> json(200, discovery.serviceProvider())));
        routes.get("/scim/v2/ResourceTypes", answered((_, _) -> all(discovery::type)));
        routes.get(
                "/scim/v2/ResourceTypes/{id}",
                answered((_, request) -> one(request, ResourceType::title, discovery::type)));
        routes.get("/scim/v2/Schemas", answered((_, _) -> all(discovery::schema)));
        routes.get(
                "/scim/v2/Schemas/{id}",
                answered((_, request) -> one(request, ResourceType::schema, discovery::schema)));
    }

    /// What HTTP itself refuses, as SCIM writes it.
    public static Reply fault(HttpFault fault) {
        return ScimFault.reply(fault.status, "", fault.said);
    }

    private Handler answered(BiFunction<ScimToken, Request, Reply> call) {
        return request -> {
            try {
                return call.apply(token(request), request);
            } catch (ScimFault fault) {
                return fault.reply();
            } catch (NotProvisioned not) {
                return fault(not).reply();
            } catch (Json.Malformed malformed) {
                return ScimFault.invalidSyntax(String.valueOf(malformed.getMessage()))
                        .reply();
            } catch (Overloaded busy) {
                return ScimFault.of(503, "too much at once; come again in a few seconds")
                        .reply()
                        .withHeader("Retry-After", "10");
            } catch (StoreFailed failed) {
                return ScimFault.of(503, "nothing can be recorded now; come again later")
                        .reply();
            }
        };
    }

    private static ScimFault fault(NotProvisioned not) {
        var said = String.valueOf(not.getMessage());
        return switch (not.kind) {
            case NO_SOURCE -> ScimFault.of(403, said);
            case MISSING -> ScimFault.of(404, said);
            case TAKEN -> ScimFault.uniqueness(said);
            case CHANGED -> ScimFault.of(412, said);
            case WRONG -> ScimFault.invalidValue(said);
            case TOO_MUCH -> ScimFault.of(413, said);
        };
    }

    /// Who calls. Two of the header would let somebody in between see one token and us another.
    private ScimToken token(Request request) {
        var sent = request.headers("Authorization");
        var token = sent.size() == 1 && sent.getFirst().regionMatches(true, 0, "Bearer ", 0, 7)
                ? tokens.find(sent.getFirst().substring(7).strip())
                : Optional.<ScimToken>empty();
        var known = token.orElseThrow(() ->
                ScimFault.of(401, "send a bearer token that is good now: countersign scim-token issue makes one"));
        if (!provisioning.isOn(known.issuer())) {
            throw ScimFault.of(403, "the configuration in force has nobody provision with this token");
        }
        return known;
    }

    // users

    private Reply users(ScimToken by, Request request) {
        var wanted = wanted(ResourceType.USER, request);
        var page = Page.of(request, MOST);
        var found = provisioning.users(by.issuer(), wanted, page.from(), page.count());
        var selection = Selection.of(ResourceType.USER, request);
        return list(
                page,
                found.total(),
                found.items().stream().map(it -> selection.of(json(it))).toList());
    }

    private Reply addUser(ScimToken by, Request request) {
        var user = provisioning.add(by, UserForm.read(body(request, LARGEST_USER), true));
        return shown(201, request, user).withHeader("Location", location(ResourceType.USER, user.id()));
    }

    private Reply user(ScimToken by, Request request) {
        var user = provisioning
                .user(by.issuer(), request.pathParam("id"))
                .orElseThrow(() -> ScimFault.of(404, "there is no such user"));
        return isKnown(request, user.version()) ? unchanged(user.version()) : shown(200, request, user);
    }

    private Reply replaceUser(ScimToken by, Request request) {
        var sent = body(request, LARGEST_USER);
        return shown(
                200,
                request,
                provisioning.change(
                        by, request.pathParam("id"), expected(request), was -> UserForm.read(sent, was.active())));
    }

    private Reply patchUser(ScimToken by, Request request) {
        var patch = Patch.read(ResourceType.USER, body(request, LARGEST_USER));
        return shown(
                200,
                request,
                provisioning.change(
                        by, request.pathParam("id"), expected(request), was -> UserForm.patched(was, patch)));
    }

    private Reply deleteUser(ScimToken by, Request request) {
        provisioning.deleteUser(by, request.pathParam("id"), expected(request));
        return Reply.empty(204);
    }

    private Reply shown(int status, Request request, ProvisionedUser user) {
        return json(status, Selection.of(ResourceType.USER, request).of(json(user)))
                .withHeader("ETag", etag(user.version()));
    }

    private ObjectNode json(ProvisionedUser it) {
        return resource(ResourceType.USER, it.id(), UserForm.kept(it.said()), it.created(), it.changed(), it.version());
    }

    // groups

    private Reply groups(ScimToken by, Request request) {
        var wanted = wanted(ResourceType.GROUP, request);
        var selection = Selection.of(ResourceType.GROUP, request);
        boolean members = selection.has("members");
        var page = Page.of(request, members ? MOST_WITH_MEMBERS : MOST);
        var found = provisioning.groups(by.issuer(), wanted, page.from(), page.count(), members);
        return list(
                page,
                found.total(),
                found.items().stream().map(it -> selection.of(json(it))).toList());
    }

    private Reply addGroup(ScimToken by, Request request) {
        var group = provisioning.add(by, GroupForm.read(body(request, LARGEST_GROUP)));
        return shown(201, request, group).withHeader("Location", location(ResourceType.GROUP, group.id()));
    }

    private Reply group(ScimToken by, Request request) {
        var group = provisioning
                .group(by.issuer(), request.pathParam("id"))
                .orElseThrow(() -> ScimFault.of(404, "there is no such group"));
        return isKnown(request, group.version()) ? unchanged(group.version()) : shown(200, request, group);
    }

    private Reply replaceGroup(ScimToken by, Request request) {
        var said = GroupForm.read(body(request, LARGEST_GROUP));
        return shown(200, request, provisioning.changeGroup(by, request.pathParam("id"), expected(request), _ -> said));
    }

    /// §3.5.2: without the members, of which there may be thousands, unless the provider asks for attributes.
    private Reply patchGroup(ScimToken by, Request request) {
        var patch = Patch.read(ResourceType.GROUP, body(request, LARGEST_GROUP));
        var group = provisioning.changeGroup(
                by, request.pathParam("id"), expected(request), was -> GroupForm.patched(was, patch));
        return Selection.of(ResourceType.GROUP, request).isNarrow()
                ? shown(200, request, group)
                : Reply.empty(204).noStore().withHeader("ETag", etag(group.version()));
    }

    private Reply deleteGroup(ScimToken by, Request request) {
        provisioning.deleteGroup(by, request.pathParam("id"), expected(request));
        return Reply.empty(204);
    }

    private Reply shown(int status, Request request, ProvisionedGroup group) {
        return json(status, Selection.of(ResourceType.GROUP, request).of(json(group)))
                .withHeader("ETag", etag(group.version()));
    }

    private ObjectNode json(ProvisionedGroup it) {
        var kept = GroupForm.kept(it.said());
        kept.path("members")
                .forEach(member -> ((ObjectNode) member)
                        .put(
                                "$ref",
                                location(ResourceType.USER, member.path("value").asString("")))
                        .put("type", "User"));
        return resource(ResourceType.GROUP, it.id(), kept, it.created(), it.changed(), it.version());
    }

    // what both have

    private ObjectNode resource(
            ResourceType type, String id, ObjectNode kept, Instant created, Instant changed, long version) {
        var json = Json.object();
        json.putArray("schemas").add(type.schema());
        json.put("id", id);
        json.setAll(kept);
        json.putObject("meta")
                .put("resourceType", type.title())
                .put("created", created.toString())
                .put("lastModified", changed.toString())
                .put("location", location(type, id))
                .put("version", etag(version));
        return json;
    }

    private String location(ResourceType type, String id) {
        return base + "/" + type.path() + "/" + id;
    }

    private static String etag(long version) {
        return "W/\"" + version + "\"";
    }

    private static boolean isKnown(Request request, long version) {
        return tags(request, "If-None-Match").anyMatch(it -> it.equals("*") || it.equals(etag(version)));
    }

    private static Reply unchanged(long version) {
        return Reply.empty(304).withHeader("ETag", etag(version));
    }

    /// §3.14
    private static Provisioning.Expected expected(Request request) {
        var tags = tags(request, "If-Match").toList();
        return version -> tags.isEmpty() || tags.contains("*") || tags.contains(etag(version));
    }

    private static Stream<String> tags(Request request, String header) {
        return request.headers(header).stream()
                .flatMap(it -> Arrays.stream(it.split(",")))
                .map(String::strip);
    }

    private static JsonNode body(Request request, int most) {
        var type = request.header("Content-Type")
                .orElse("")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
        if (!type.equals(TYPE) && !type.equals("application/json")) {
            throw ScimFault.of(415, "send Content-Type: " + TYPE);
        }
        return Json.read(request.body(most));
    }

    private static Map<String, String> wanted(ResourceType type, Request request) {
        var filter = parameter(request, "filter");
        return filter.isEmpty() ? Map.of() : Filter.of(type, filter);
    }

    private static String parameter(Request request, String name) {
        return request.query().stream()
                .filter(it -> it.name().equalsIgnoreCase(name))
                .map(it -> it.value())
                .findFirst()
                .orElse("");
    }

    /// What of a list is wanted, §3.4.2.4.
    ///
    /// @param start counts from 1
    private record Page(int start, int count) {
        static Page of(Request request, int most) {
            int start = whole(parameter(request, "startIndex"), "startIndex", 1);
            int count = whole(parameter(request, "count"), "count", USUAL);
            return new Page(Math.max(1, start), Math.clamp(count, 0, most));
        }

        int from() {
            return start - 1;
        }

        private static int whole(String text, String name, int otherwise) {
            if (text.isEmpty()) {
                return otherwise;
            }
            if (!text.matches("-?[0-9]{1,9}")) {
                throw ScimFault.invalidValue(name + " is a whole number");
            }
            return Integer.parseInt(text);
        }
    }

    private static Reply list(Page page, int total, List<?> resources) {
        var json = new LinkedHashMap<String, Object>();
        json.put("schemas", List.of(LIST));
        json.put("totalResults", total);
        json.put("startIndex", page.start());
        json.put("itemsPerPage", resources.size());
        json.put("Resources", resources);
        return json(200, json);
    }

    private static Reply all(Function<ResourceType, Map<String, Object>> shown) {
        var all = ResourceType.ALL.stream().map(shown).toList();
        return list(new Page(1, all.size()), all.size(), all);
    }

    private static Reply one(
            Request request, Function<ResourceType, String> name, Function<ResourceType, Map<String, Object>> shown) {
        return ResourceType.ALL.stream()
                .filter(it -> name.apply(it).equals(request.pathParam("id")))
                .findFirst()
                .map(it -> json(200, shown.apply(it)))
                .orElseThrow(() -> ScimFault.of(404, "there is none of this name"));
    }

    private static Reply json(int status, Object json) {
        return Reply.bytes(status, TYPE, Json.bytes(json)).noStore();
    }
}

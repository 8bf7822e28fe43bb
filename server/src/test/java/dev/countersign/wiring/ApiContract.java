package dev.countersign.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.countersign.http.Json;
import dev.countersign.review.OpenApi;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the API says of itself, to hold what it does against: each call that a test makes has to be described, the
/// answer
/// to the last member.
final class ApiContract {
    static final String BASE = "/api/v1";
    static final JsonNode DOCUMENT = Json.read(new String(new OpenApi(TestGate.ISSUER).json(), UTF_8));

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final JsonNode CLOSED = closed();
    private static final List<Operation> OPERATIONS = operations().toList();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaCacheEnabled(false)
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .formatAssertionsEnabled(true)
                            .build())
                    .resourceLoaders(loaders -> loaders.values(List::clear)));
    private static final Map<String, Schema> COMPILED = new ConcurrentHashMap<>();

    private ApiContract() {}

    /// One method of one path.
    record Operation(String method, String path, JsonNode itself, JsonNode shared) {
        String name() {
            return method + " " + BASE + path;
        }

        boolean answers(HttpRequest request) {
            var pattern = Stream.of(path.split("(?<=})|(?=\\{)"))
                    .map(it -> it.equals("{path}") ? ".+" : it.startsWith("{") ? "[^/]+" : Pattern.quote(it))
                    .collect(Collectors.joining());
            return request.method().equals(method) && request.uri().getRawPath().matches(BASE + pattern);
        }

        Set<String> parameters() {
            return Stream.concat(
                            itself.path("parameters").valueStream(),
                            shared.path("parameters").valueStream())
                    .map(ApiContract::resolved)
                    .filter(it -> it.path("in").stringValue("").equals("query"))
                    .map(it -> it.path("name").stringValue(""))
                    .collect(Collectors.toSet());
        }
    }

    /// Every operation, a literal path before one with names that it would match, too.
    static List<Operation> all() {
        return OPERATIONS;
    }

    private static Stream<Operation> operations() {
        return CLOSED.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(it -> METHODS.contains(it.getKey()))
                        .map(it -> new Operation(
                                it.getKey().toUpperCase(Locale.ROOT), path.getKey(), it.getValue(), path.getValue())))
                .sorted(Comparator.comparing(it -> it.path().contains("{")));
    }

    /// Fails unless the call and its answer are described. What is not there or not that method is no call.
    static void check(HttpRequest request, HttpResponse<String> response) {
        if (!request.uri().getRawPath().startsWith(BASE + "/")) {
            return;
        }
        var operation = OPERATIONS.stream().filter(it -> it.answers(request)).findFirst();
        if (operation.isEmpty()) {
            assertThat(response.statusCode()).as(request + " is not described").isIn(404, 405);
            return;
        }
        var its = operation.get();
        int status = response.statusCode();
        if (status == 503 && response.body().isEmpty()) {
            return; // a node that is stopping
        }
        var answer = resolved(its.itself().path("responses").path(Integer.toString(status)));
        assertThat(answer.isObject()).as(its.name() + " may answer " + status).isTrue();
        var type = response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
        var media = answer.path("content").path(type);
        assertThat(media.isObject()).as(its.name() + " may answer " + type).isTrue();
        if (type.endsWith("json")) {
            conforms(its.name() + " " + status, media.path("schema"), response.body());
        }
        if (status < 300) {
            assertThat(its.parameters()).as("parameters of " + its.name()).containsAll(query(request));
            var body = its.itself().path("requestBody").path("content").path("application/json");
            if (body.isObject()) {
                conforms(its.name() + " takes", body.path("schema"), sent(request));
            }
        }
    }

    private static String sent(HttpRequest request) {
        var text = HttpResponse.BodySubscribers.ofString(UTF_8);
        request.bodyPublisher().orElseThrow().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                text.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer part) {
                text.onNext(List.of(part));
            }

            @Override
            public void onError(Throwable failed) {
                text.onError(failed);
            }

            @Override
            public void onComplete() {
                text.onComplete();
            }
        });
        return text.getBody().toCompletableFuture().join();
    }

    private static Set<String> query(HttpRequest request) {
        return Optional.ofNullable(request.uri().getRawQuery()).stream()
                .flatMap(it -> Arrays.stream(it.split("&")))
                .map(it -> it.replaceAll("=.*", ""))
                .collect(Collectors.toSet());
    }

    private static void conforms(String what, JsonNode schema, String json) {
        var compiled = COMPILED.computeIfAbsent(what, _ -> SCHEMAS.getSchema(alone(schema)));
        assertThat(compiled.validate(json, InputFormat.JSON))
                .as(what + ": " + json)
                .isEmpty();
    }

    /// The schema with what it refers to.
    static JsonNode alone(JsonNode schema) {
        var alone = (ObjectNode) schema.deepCopy();
        alone.set("components", CLOSED.path("components"));
        return alone;
    }

    static JsonNode resolved(JsonNode node) {
        var ref = node.path("$ref").stringValue("");
        return ref.isEmpty() ? node : CLOSED.at(ref.substring(1));
    }

    /// For callers, answers may gain members; here, one that is not described is a fault.
    private static JsonNode closed() {
        var copy = DOCUMENT.deepCopy();
        var open = new HashSet<String>();
        extended(copy, open);
        close(copy, "#", open);
        return copy;
    }

    private static void extended(JsonNode node, Set<String> names) {
        node.path("allOf").valueStream().forEach(it -> names.add(it.path("$ref").stringValue("")));
        node.valueStream().forEach(it -> extended(it, names));
    }

    private static void close(JsonNode node, String at, Set<String> open) {
        if (node instanceof ObjectNode object) {
            if (object.path("properties").isObject() && !open.contains(at)) {
                object.put("unevaluatedProperties", false);
            }
            object.properties().forEach(it -> close(it.getValue(), at + "/" + it.getKey(), open));
        } else {
            node.valueStream().forEach(it -> close(it, at + "/*", open));
        }
    }

    /// What the server answers under the API, as `GET /api/v1/path`.
    static Set<String> served(Set<String> routes) {
        return routes.stream()
                .filter(it -> it.contains(" " + BASE + "/"))
                .map(it -> it.replace("...}", "}"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

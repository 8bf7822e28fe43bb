package dev.countersign.review;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/v1/openapi.json`: what this API is, as OpenAPI 3.1, for everybody. It says nothing of what is in here.
///
/// It is written in `api/openapi.json`, and read when it is asked for. `OpenApiTest` compares it with the routes,
/// and all tests over the wire hold the answers of the API against it.
public final class OpenApi {
    private static final String SOURCE = "/api/openapi.json";

    private final String issuer;
    private volatile byte @Nullable [] json;

    /// @param issuer this server's URL as its callers see it
    public OpenApi(String issuer) {
        this.issuer = issuer;
    }

    Reply show(Request request) {
        return Reply.bytes(200, "application/json", json());
    }

    /// The description, as JSON in UTF-8.
    public byte[] json() {
        var read = json;
        if (read == null) {
            read = described().toString().getBytes(UTF_8);
            json = read;
        }
        return read.clone();
    }

    private JsonNode described() {
        var all = Json.object();
        source().properties().forEach(it -> {
            all.set(it.getKey(), it.getValue());
            if (it.getKey().equals("info")) {
                ((ObjectNode) it.getValue()).put("version", version());
                all.putArray("servers").addObject().put("url", issuer + "/api/v1");
            }
        });
        return all;
    }

    private static JsonNode source() {
        try (var source = Objects.requireNonNull(OpenApi.class.getResourceAsStream(SOURCE))) {
            return Json.read(source.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As the jar's manifest says it; classes outside a jar have none.
    private static String version() {
        return Optional.ofNullable(OpenApi.class.getPackage().getImplementationVersion())
                .orElse("(unpackaged)");
    }
}

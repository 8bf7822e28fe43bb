package dev.countersign.review;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// `GET /api/v1/openapi.json`: what this API is, as OpenAPI 3.1, for everybody. It says nothing of what is in here.
///
/// It is written as YAML, `api/openapi.yaml`, and read when it is asked for.
public final class OpenApi {
    private static final String SOURCE = "/api/openapi.yaml";

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
            read = Json.bytes(described());
            json = read;
        }
        return read.clone();
    }

    private Map<String, Object> described() {
        var all = new LinkedHashMap<String, Object>();
        source().forEach((name, value) -> {
            all.put(String.valueOf(name), value);
            if (name.equals("info")) {
                all.put("servers", List.of(Map.of("url", issuer + "/api/v1")));
            }
        });
        if (all.get("info") instanceof Map<?, ?> info) {
            var versioned = new LinkedHashMap<Object, Object>(info);
            versioned.put("version", version());
            all.put("info", versioned);
        }
        return all;
    }

    private static Map<?, ?> source() {
        try (var yaml = Objects.requireNonNull(OpenApi.class.getResourceAsStream(SOURCE))) {
            var text = new String(yaml.readAllBytes(), UTF_8);
            return (Map<?, ?>) new Load(LoadSettings.builder().setLabel(SOURCE).build()).loadFromString(text);
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

package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.countersign.OneStore;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The description of the API: whole, and of this server. That answers are as it says is seen to by [ApiContract],
/// wherever a test calls.
@OneStore
class OpenApiTest extends OverTheWire {
    @Test
    void everybody_reads_it() {
        var answer = gate.send(gate.request("/api/v1/openapi.json").build());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("openapi")).startsWith("3.1");
        assertThat(answer.body().at("/info/version").stringValue("")).isNotEmpty();
        assertThat(answer.body().at("/servers/0/url").stringValue("")).isEqualTo(TestGate.ISSUER + "/api/v1");
    }

    @Test
    void it_has_every_route_and_no_other() {
        var described = ApiContract.all().stream()
                .map(ApiContract.Operation::name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(ApiContract.served(gate.parts().routes.all()));
    }

    @Test
    void every_operation_has_a_name_and_says_who_may_and_what_it_may_come_to() {
        assertThat(ApiContract.all())
                .extracting(it -> it.itself().path("operationId").stringValue(""))
                .doesNotHaveDuplicates()
                .allMatch(it -> !it.isEmpty());
        for (var it : ApiContract.all()) {
            assertThat(it.itself().path("summary").stringValue(""))
                    .as(it.name())
                    .endsWith(".");
            assertThat(it.itself().has("security")
                            || it.itself().path("description").stringValue("").contains("Scope `"))
                    .as(it.name() + " names its scope")
                    .isTrue();
            assertThat(it.itself().path("responses").propertyNames())
                    .as(it.name())
                    .anyMatch(status -> status.startsWith("2"))
                    .allMatch(status -> it.itself().has("security")
                            || it.itself().path("responses").has("401"));
        }
    }

    @Test
    void every_schema_is_one_and_every_reference_leads_somewhere() {
        var dialect = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        ApiContract.DOCUMENT
                .at("/components/schemas")
                .properties()
                .forEach(it -> assertThat(dialect.validate(it.getValue().toString(), InputFormat.JSON))
                        .as(it.getKey())
                        .isEmpty());
        assertThat(references(ApiContract.DOCUMENT, new ArrayList<>()))
                .isNotEmpty()
                .allSatisfy(ref -> assertThat(
                                ApiContract.DOCUMENT.at(ref.substring(1)).isObject())
                        .as(ref)
                        .isTrue());
    }

    private static List<String> references(JsonNode node, List<String> into) {
        if (node.path("$ref").isString()) {
            into.add(node.path("$ref").stringValue(""));
        }
        node.valueStream().forEach(it -> references(it, into));
        return into;
    }
}

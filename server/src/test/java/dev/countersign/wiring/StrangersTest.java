package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.countersign.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What anybody may send and nobody honest does is refused, and never taken for a fault of ours: whoever can reach the
/// server would fill its log otherwise.
class StrangersTest extends OverTheWire {
    @Test
    void a_path_too_long_to_come_back_to_leads_to_the_bare_sign_in() {
        var answer = gate.send(gate.request("/requests/" + "%25".repeat(4_900)).build());
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.raw().headers().firstValue("Location")).contains("/login");

        var near = gate.send(gate.request("/requests/a?b=c").build());
        assertThat(near.raw().headers().firstValue("Location")).contains("/login?next=%2Frequests%2Fa%3Fb%3Dc");
    }

    @Test
    void a_number_too_large_for_any_number_is_refused_before_anybody_is_known() {
        var answer = gate.post(
                "/token",
                "",
                "grant_type",
                "client_credentials",
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion",
                part("{\"alg\":\"ES256\"}") + "." + part("{\"sub\":\"a\",\"iss\":\"a\",\"exp\":1e2147483648}")
                        + ".AAAA");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.error()).isEqualTo("invalid_client");
    }

    private static String part(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void nobody_else_on_the_machine_can_lock_the_server_out() throws IOException {
        assumeFalse(TestStores.onPostgres());
        assertThat(Files.getPosixFilePermissions(folder.resolve("countersign.db.serving")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void what_an_export_discloses_of_people_is_for_whoever_exported_it() throws IOException {
        gate.ask("refund-bot", "scope", READ, "reason", "Order 1042");
        gate.verify();
        try (var files = Files.walk(folder)) {
            var disclosures = files.filter(it -> it.endsWith("disclosures")).toList();
            assertThat(disclosures).hasSize(1);
            assertThat(Files.getPosixFilePermissions(disclosures.getFirst()))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void no_parameter_has_a_nul() {
        var ana = gate.bearer("ana", "requests:read");
        assertThat(gate.get(ana, "/requests?q=%00").status()).isEqualTo(400);
        assertThat(gate.get(ana, "/requests?client=a%00b").status()).isEqualTo(400);
        assertThat(gate.get(ana, "/requests?after=" + UUID.randomUUID()).status())
                .isEqualTo(200);
        assertThat(gate.ask("refund-bot", "scope", READ, "resource", "a\0").status())
                .isEqualTo(400);
    }
}

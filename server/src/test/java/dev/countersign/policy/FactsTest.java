package dev.countersign.policy;

import static dev.countersign.policy.Policies.details;
import static dev.countersign.policy.Policies.quiet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.http.Json;
import dev.countersign.oauth.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FactsTest {
    @Test
    void come_back_bit_for_bit() {
        var facts = quiet().set("reason", "a \"quoted\" \u0007 \u2028 reason é 😀")
                .set("scopes", List.of("b", "a"))
                .set(
                        "details",
                        details("[{\"amount\":12.5,\"big\":1e+21,\"n\":9007199254740991,\"type\":\"x\",\"z\":null}]"))
                .set("usage.uses", Long.MAX_VALUE)
                .unknown("usage.idle_days")
                .unknown("findings")
                .build();
        var again = Facts.fromJson(facts.toJson());
        assertThat(again).isEqualTo(facts);
        assertThat(again.toJson()).isEqualTo(facts.toJson());
        assertThat(again.value("usage.idle_days")).isEmpty();
        assertThat(Facts.fromJson(Facts.builder().build().toJson()).known()).isEmpty();
        assertThat(Facts.fromJson(quiet().build().toJson())).isEqualTo(quiet().build());
    }

    @Test
    void what_an_older_record_does_not_hold_is_unknown() {
        var facts = Facts.fromJson("{\"facts\":{\"reason\":\"x\"},\"schema\":1}");
        assertThat(facts.value("reason")).contains("x");
        assertThat(facts.value("risk")).isEmpty();
    }

    @Test
    void a_record_of_a_newer_schema_is_refused() {
        assertThatThrownBy(() -> Facts.fromJson("{\"facts\":{},\"schema\":3}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Facts.fromJson("{}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_fact_has_its_type_or_is_refused() {
        assertThatThrownBy(() -> quiet().set("risk", "high")).hasMessageContaining("risk is int");
        assertThatThrownBy(() -> quiet().set("scopes", "a")).hasMessageContaining("scopes is list(string)");
        assertThatThrownBy(() -> quiet().set("auth.key_bound", 1)).hasMessageContaining("bool");
        assertThatThrownBy(() -> quiet().set("usage.idle", 1)).hasMessageContaining("there are usage.idle_days");
        assertThatThrownBy(() -> quiet().unknown("nix")).hasMessageContaining("nix is not a fact");
    }

    @Test
    void time_is_told_in_its_zone() {
        var sunday_night = Instant.parse("2026-11-22T23:30:00Z");
        var utc = quiet().time(sunday_night, ZoneId.of("UTC")).build();
        var berlin = quiet().time(sunday_night, ZoneId.of("Europe/Berlin")).build();
        assertThat(utc.value("time.hour")).contains(23L);
        assertThat(utc.value("time.weekday")).contains(7L);
        assertThat(berlin.value("time.hour")).contains(0L);
        assertThat(berlin.value("time.weekday")).contains(1L);
        assertThat(berlin.value("time.zone")).contains("Europe/Berlin");
    }

    @Test
    void what_is_quiet_is_left_out_and_what_is_unknown_is_not() {
        var facts = quiet().set("usage.score", 3).unknown("usage.uses").build();
        assertThat(Json.read(facts.toJson()).path("facts").propertyNames()).contains("usage.score", "usage.uses");
        assertThat(Json.read(facts.toJson()).path("facts").propertyNames()).doesNotContain("findings", "reason");

        var none = Facts.fromJson("{\"facts\":{\"usage.uses\":null},\"schema\":2}");
        assertThat(none.value("usage.uses")).isEmpty();
        assertThat(none.value("usage.score")).contains(0L);
        assertThat(none.value("lifetime")).contains(60L);
    }

    /// Records lean on these values for ever. When one has to change, the version rises, and what it was before is read
    /// as it was; a fact that is new is named as such.
    @Test
    void quiet_values_stay_as_they_are_in_this_version() {
        var values = FactSchema.facts().stream()
                .filter(FactSchema::maybeLeftOut)
                .map(it -> it.name() + "=" + it.type() + " " + Facts.words(it.quiet()))
                .sorted()
                .toList();
        assertThat(FactSchema.VERSION + " " + Sha256.base64url(String.join("\n", values)))
                .as("%s", values)
                .isEqualTo("2 4bM5K-5DlERtYv8fX_-mPERpahTbTSIkVGaWkOf-n0c");
    }

    @Test
    void what_a_newer_node_adds_is_passed_over() {
        var facts = Facts.fromJson("{\"added\":{\"usage.later\":1,\"usage.score\":3},\"facts\":{},\"schema\":1}");
        assertThat(facts.value("usage.score")).contains(3L);
        assertThat(Facts.fromJson("{\"facts\":{\"usage.later\":1,\"usage.score\":3},\"schema\":2}")
                        .value("usage.score"))
                .contains(3L);
        assertThatThrownBy(() -> facts.toBuilder().set("usage.later", 1)).isInstanceOf(IllegalArgumentException.class);
    }

    /// With `-Dreference.write=true` it writes the page instead.
    @Test
    void the_reference_page_is_what_the_schema_prints() throws IOException {
        var page = Path.of("../docs/reference/facts.md");
        if (Boolean.getBoolean("reference.write")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, FactReference.markdown());
        }
        assertThat(Files.readString(page)).isEqualTo(FactReference.markdown());
    }
}

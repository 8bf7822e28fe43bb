package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Nothing that is otherwise goes untold.
final class ChangesTest {
    private static final String CLAIM =
            "{\"prove\":[{\"claim\":\"money waits\",\"assume\":\"true\",\"never\":\"approve\"}]}";

    @Test
    void a_claim_that_is_taken_out_or_says_less_is_told() {
        assertThat(Changes.between(CLAIM, "{\"prove\":[]}").all())
                .containsExactly(new Changes.Change("claim", "money waits", "removed", List.of()));
        assertThat(Changes.between(CLAIM, CLAIM.replace("true", "false")).all())
                .containsExactly(new Changes.Change(
                        "claim", "money waits", "changed", List.of("assume: false instead of true")));
    }

    @Test
    void a_calendar_that_is_another_is_told_by_its_name() {
        var before = "{\"calendars\":[{\"name\":\"office\",\"zone\":\"UTC\",\"holidays\":[\"2026-12-25\"]}]}";
        var after = before.replace("UTC", "Europe/Berlin");
        assertThat(Changes.between(before, after).all())
                .containsExactly(new Changes.Change(
                        "calendar", "office", "changed", List.of("zone: Europe/Berlin instead of UTC")));
        assertThat(Difference.between(before, after).things())
                .isEqualTo(Map.of("calendars_changed", List.of("office")));
        assertThat(Difference.between(before, before.replace("2026-12-25", "2026-12-26"))
                        .things())
                .isEqualTo(Map.of("calendars_changed", List.of("office")));
    }

    @Test
    void every_part_of_a_configuration_is_told_of() {
        var parts = Schema.VERSIONED.keys().stream().map(Shape.Key::name).toList();
        assertThat(parts)
                .isNotEmpty()
                .allSatisfy(part -> assertThat(Changes.between("{}", "{\"" + part + "\":" + some(part) + "}")
                                .all())
                        .as(part)
                        .isNotEmpty());
    }

    private static String some(String part) {
        return switch (part) {
            case "limits", "signing" -> "{\"x\":1}";
            case "groups" -> "{\"x\":[\"y\"]}";
            case "login" -> "{\"local\":[{\"user\":\"x\"}]}";
            default -> "[{\"id\":\"x\"}]";
        };
    }
}

package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

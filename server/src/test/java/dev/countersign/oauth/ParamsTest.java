package dev.countersign.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.http.Field;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ParamsTest {
    @Test
    void a_parameter_without_a_value_is_left_out() {
        var params = params("scope", "", "reason", "why");
        assertThat(params.has("scope")).isFalse();
        assertThat(params.optional("scope")).isEmpty();
        assertThat(params.one("reason")).isEqualTo("why");
    }

    @Test
    void a_parameter_that_must_be_there_is_asked_for_by_name() {
        assertThatThrownBy(() -> params("scope", "").one("scope")).isInstanceOfSatisfying(Refusal.class, it -> {
            assertThat(it.code).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(it.said).isEqualTo("scope is missing");
        });
    }

    @Test
    void a_parameter_comes_once() {
        assertThatThrownBy(() -> params("scope", "a", "scope", "a"))
                .isInstanceOfSatisfying(Refusal.class, it -> assertThat(it.code).isEqualTo(ErrorCode.INVALID_REQUEST));
    }

    @Test
    void an_unknown_parameter_may_not_be_repeated_either() {
        assertThatThrownBy(() -> params("x\"\n", "a", "x\"\n", "b")).isInstanceOf(Refusal.class);
    }

    @Test
    void resource_and_audience_may_be_repeated_and_keep_their_order() {
        var params = params("resource", "b", "audience", "x", "resource", "a", "audience", "y");
        assertThat(params.all("resource")).containsExactly("b", "a");
        assertThat(params.all("audience")).containsExactly("x", "y");
    }

    private static Params params(String... pairs) {
        return Params.of(Stream.iterate(0, i -> i < pairs.length, i -> i + 2)
                .map(i -> new Field(pairs[i], pairs[i + 1]))
                .toList());
    }

    @Test
    void no_parameters_are_fine() {
        assertThat(Params.of(List.of()).all("resource")).isEmpty();
    }
}

package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CountersignTest {
    @Test
    void classes_outside_a_jar_have_no_version() {
        assertThat(Countersign.version()).isEqualTo("(unpackaged)");
    }
}

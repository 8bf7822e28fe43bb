package dev.countersign.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ModelTest {
    @Test
    void values_are_read_as_the_verifier_writes_them() {
        assertThat(Model.read("""
                        Condition is satisfiable. Satisfying input:
                          usage.idle_days = 61
                          b0_holds = true
                          reason = "A ""\\u{e9}\\u{a}"
                          empty = \"\"
                          details = [{}]
                        """))
                .containsEntry("usage.idle_days", 61L)
                .containsEntry("b0_holds", true)
                .containsEntry("reason", "A \"é\n")
                .containsEntry("empty", "")
                .hasSize(4);
    }
}

package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.oauth.Risk;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From which risk on votes are signed, and who agrees to passkeys.
final class PasskeyConfigurationTest {
    @TempDir
    Path temporary;

    private TestFolder folder;

    @BeforeEach
    void write() {
        folder = TestFolder.example(temporary);
    }

    @Test
    void nothing_is_signed_and_administrators_agree_where_nothing_is_said() {
        assertThat(folder.good().policy().signFrom()).isEmpty();
        assertThat(folder.good().passkeysAgreedBy()).isEqualTo("administrators");
    }

    @Test
    void it_says_from_which_risk_on_and_who_agrees() {
        folder.with("login.yaml", "login: { passkeys: { sign_from: critical, agreed_by: payments-oncall } }\n");
        var it = folder.good();
        assertThat(it.policy().signFrom()).contains(Risk.CRITICAL);
        assertThat(it.policy().signs(Risk.HIGH)).isFalse();
        assertThat(it.policy().signs(Risk.CRITICAL)).isTrue();
        assertThat(it.passkeysAgreedBy()).isEqualTo("payments-oncall");
    }

    @Test
    void a_risk_that_there_is_not_is_a_fault() {
        folder.with("login.yaml", "login: { passkeys: { sign_from: huge } }\n");
        assertThat(folder.faults().toString())
                .contains("login.yaml:1:")
                .contains("sign_from")
                .contains("critical");
    }

    @Test
    void a_group_that_there_is_not_is_a_fault() {
        folder.with("login.yaml", "login: { passkeys: { agreed_by: payments-oncal } }\n");
        assertThat(folder.faults().toString())
                .contains("login.yaml:1:")
                .contains("there is no group `payments-oncal`")
                .contains("payments-oncall");
    }

    @Test
    void a_group_of_whom_nobody_could_agree_to_anothers_passkey_is_a_warning() {
        folder.with("login.yaml", "login: { passkeys: { sign_from: high, agreed_by: payments-dev } }\n");
        assertThat(folder.warnings())
                .anyMatch(it -> it.startsWith("login.yaml:1:")
                        && it.contains("nobody could agree to the first passkey: it is that of one member of"
                                + " `payments-dev`, and another member agrees"));
    }
}

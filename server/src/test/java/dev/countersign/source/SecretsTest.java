package dev.countersign.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsTest {
    @TempDir
    Path folder;

    private Secrets secrets;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets/tickets"), "Bearer abc\n");
        Files.writeString(folder.resolve("master.key"), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        secrets = new Secrets(folder);
    }

    @Test
    void it_is_read_when_it_is_needed() throws IOException {
        assertThat(secrets.read("secrets/tickets")).contains("Bearer abc");
        Files.writeString(folder.resolve("secrets/tickets"), "Bearer def");
        assertThat(secrets.read("secrets/tickets")).contains("Bearer def");
        assertThat(secrets.read("secrets/others")).isEmpty();
    }

    /// Who may publish a configuration from elsewhere must not have the master key sent somewhere.
    @ParameterizedTest
    @ValueSource(strings = {"master.key", "secrets/../master.key", "/etc/hostname", "../x", "secrets/a/b", "secrets"})
    void nothing_else_on_the_node_is_read(String file) {
        assertThat(Secrets.isName(file)).isFalse();
        assertThat(secrets.read(file)).isEmpty();
    }

    @Test
    void a_link_leads_nowhere_else_either() throws IOException {
        Files.createSymbolicLink(folder.resolve("secrets/link"), folder.resolve("master.key"));
        assertThat(secrets.read("secrets/link")).isEmpty();
        Files.createDirectory(folder.resolve("secrets/..data"));
        Files.writeString(folder.resolve("secrets/..data/mounted"), "Bearer ghi");
        Files.createSymbolicLink(folder.resolve("secrets/mounted"), Path.of("..data/mounted"));
        assertThat(secrets.read("secrets/mounted")).contains("Bearer ghi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "a\nb", "ü", "a\u0000b"})
    void what_fits_no_header_is_none(String text) throws IOException {
        Files.writeString(folder.resolve("secrets/odd"), text);
        assertThat(secrets.read("secrets/odd")).isEmpty();
    }
}

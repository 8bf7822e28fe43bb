package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.store.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InitTest {
    @TempDir
    private Path path;

    @Test
    void what_it_writes_passes_check_without_a_warning() throws IOException {
        var folder = path.resolve("conf");

        var written = (Init.Written.Done) Init.write(folder);

        var configuration = TestFolder.empty(folder).good();
        assertThat(configuration.people())
                .singleElement()
                .satisfies(it -> assertThat(it.user()).isEqualTo(written.user()));
        assertThat(configuration.content())
                .contains(Hashes.sha256(written.secret()))
                .doesNotContain(written.password());
        assertThat(written.files()).allSatisfy(it -> assertThat(it).isRegularFile());
    }

    @Test
    void the_master_key_is_the_owners_alone_and_can_be_read() throws IOException {
        Init.write(path);

        var key = path.resolve("master.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(MasterKey.read(key)).isNotNull();
    }

    @Test
    void a_folder_that_holds_something_is_left_alone() throws IOException {
        Files.writeString(path.resolve("mine.txt"), "mine");

        assertThat(Init.write(path)).isEqualTo(new Init.Written.NotEmpty(path));
        assertThat(path).isDirectoryNotContaining("glob:**.yaml");
    }
}

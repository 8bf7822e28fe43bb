package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FaultsTest {
    @TempDir
    private Path path;

    /// Each file under `faults` is put beside the example. Its first lines are the faults it must give, each behind
    /// `#! ` and without the file's name.
    @ParameterizedTest
    @MethodSource("files")
    void every_fault_is_told_at_its_place(String name) throws IOException, URISyntaxException {
        var text = Files.readString(folder().resolve(name));
        var wanted = text.lines()
                .filter(it -> it.startsWith("#! "))
                .map(it -> name + ":" + it.substring(3))
                .toList();

        var faults = TestFolder.example(path).with(name, text).faults();

        assertThat(faults).isNotEmpty().containsExactlyElementsOf(wanted);
    }

    static List<String> files() throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(it -> String.valueOf(it.getFileName())).sorted().toList();
        }
    }

    private static Path folder() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(FaultsTest.class.getResource("/configuration/faults"))
                .toURI());
    }

    @Test
    void an_empty_folder_says_what_to_do() {
        var folder = TestFolder.empty(path.resolve("conf")).with("readme.txt", "");

        assertThat(folder.faults())
                .containsExactly("conf:1:1: the folder has no *.yaml file; `countersign init DIR` writes a first one");
    }

    @Test
    void a_folder_that_is_not_there_says_what_to_do() {
        assertThat(TestFolder.empty(path.resolve("conf")).faults())
                .containsExactly("conf:1:1: there is no such folder; `countersign init DIR` writes a first one");
    }

    @Test
    void what_every_configuration_needs_is_asked_for_once() {
        var folder = TestFolder.empty(path.resolve("conf")).with("a.yaml", "groups: {}");

        assertThat(folder.faults())
                .containsExactly(
                        "conf:1:1: the configuration needs `issuer`, such as `issuer: https://auth.example.com`",
                        "conf:1:1: the configuration needs `keys`");
    }

    @Test
    void hidden_files_and_folders_are_left_out() {
        var folder = TestFolder.example(path).with(".draft.yaml", "nonsense: 1").with(".git/x.yaml", "nonsense: 1");

        assertThat(folder.faults()).isEmpty();
    }

    @Test
    void a_file_that_is_not_utf_8_is_told_where_it_stops_being_it() throws IOException {
        var folder = TestFolder.example(path);
        Files.write(path.resolve("latin.yaml"), "# ok\n# J\u00fcrgen".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(folder.faults()).containsExactly("latin.yaml:2:4: this is not UTF-8; save the file as UTF-8");
    }

    @Test
    void a_huge_file_is_not_read() throws IOException {
        var folder = TestFolder.example(path);
        byte[] bytes = new byte[(1 << 20) + 1];
        Arrays.fill(bytes, (byte) '#');
        Files.write(path.resolve("huge.yaml"), bytes);

        assertThat(folder.faults())
                .containsExactly("huge.yaml:1:1: the file is longer than 1 MiB; cut it into several");
    }

    @Test
    void deep_nesting_ends_before_the_stack_does() {
        var folder = TestFolder.example(path).with("deep.yaml", "a: " + "[".repeat(500_000));

        assertThat(folder.faults()).containsExactly("deep.yaml:1:67: this is nested more than 64 deep; flatten it");
    }

    @Test
    void links_are_not_followed_out_of_the_folder(@TempDir Path elsewhere) throws IOException {
        var folder = TestFolder.example(path);
        var outside = Files.writeString(elsewhere.resolve("outside.yaml"), "groups: {}");
        Files.createSymbolicLink(path.resolve("linked.yaml"), outside);
        Files.createSymbolicLink(path.resolve("more"), elsewhere);

        assertThat(folder.faults())
                .containsExactly(
                        "linked.yaml:1:1: this is a link out of the folder; put the file itself here",
                        "more:1:1: a link to a folder is not followed; put the folder itself here");
    }

    @Test
    void links_within_the_folder_are_read_once() throws IOException {
        var folder = TestFolder.example(path);
        Files.createDirectory(path.resolve("..data"));
        Files.move(path.resolve("people.yaml"), path.resolve("..data/people.yaml"));
        Files.createSymbolicLink(path.resolve("people.yaml"), Path.of("..data/people.yaml"));
        Files.createSymbolicLink(path.resolve("same.yaml"), Path.of("people.yaml"));

        assertThat(folder.good().people()).hasSize(3);
    }

    @Test
    void a_schema_file_must_be_there_and_be_one() {
        var folder = TestFolder.example(path).without("refund.schema.json");
        assertThat(folder.faults())
                .containsExactly("apis/payments.yaml:10:99: there is no file `refund.schema.json`;"
                        + " paths start at the configuration folder");

        folder.with("refund.schema.json", "{\n  \"type\": ");
        assertThat(folder.faults())
                .singleElement()
                .asString()
                .startsWith("apis/payments.yaml:10:99: `refund.schema.json` cannot be read: not JSON, near line 2");
    }

    @Test
    void a_file_that_cannot_be_read_is_not_taken_for_things_that_are_missing() {
        var folder = TestFolder.example(path)
                .with("people.yaml", "login: [")
                .replacing("clients.yml", "sync_wait", "sinc_wait");

        assertThat(folder.faults())
                .containsExactly(
                        "clients.yml:14:5: `sinc_wait` is no key of a client; did you mean `sync_wait`?",
                        "people.yaml:1:9: this is not YAML: expected the node content, but found '<stream end>';"
                                + " mend the line or the one before it");
    }
}

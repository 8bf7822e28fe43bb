package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ledger.Code;
import dev.countersign.oauth.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the pages say can be found: links, ledger codes, errors, and the tests that they name.
final class DocsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:\\s]+)(#[^)]*)?\\)");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+Test)\\.(\\w+)`");

    @Test
    void every_relative_link_leads_somewhere() throws IOException {
        for (var page : pages()) {
            assertThat(found(LINK, page))
                    .as(page.toString())
                    .allSatisfy(link ->
                            assertThat(page.resolveSibling(link.group(1))).exists());
        }
    }

    @Test
    void every_ledger_code_is_explained() throws IOException {
        for (var name : List.of("docs/approvals.md", "docs/reference/api.md")) {
            assertThat(text(ROOT.resolve(name)))
                    .as(name)
                    .contains(Arrays.stream(Code.values())
                            .map(it -> "`" + it.wire() + "`")
                            .toList());
        }
    }

    @Test
    void every_error_is_explained() {
        assertThat(text(ROOT.resolve("docs/reference/errors.md")))
                .contains(Arrays.stream(ErrorCode.values())
                        .map(it -> "| `" + it.wire() + "` | " + it.status + " |")
                        .toList());
    }

    @Test
    void every_test_that_is_named_is_there() throws IOException {
        var tests = files(Path.of("src", "test", "java"), "Test.java");
        for (var page : pages()) {
            assertThat(found(TEST, page))
                    .as(page.toString())
                    .allSatisfy(named -> assertThat(tests)
                            .anyMatch(it -> it.endsWith(named.group(1) + ".java")
                                    && text(it).contains("void " + named.group(2) + "(")));
        }
    }

    private static List<MatchResult> found(Pattern pattern, Path page) {
        return pattern.matcher(text(page)).results().toList();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> root = Files.list(ROOT)) {
            return Stream.concat(
                            root.filter(it -> it.toString().endsWith(".md")),
                            files(ROOT.resolve("docs"), ".md").stream())
                    .toList();
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(it -> it.toString().endsWith(ending)).toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

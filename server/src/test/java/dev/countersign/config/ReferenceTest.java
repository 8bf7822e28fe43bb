package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ReferenceTest {
    /// `-Dcountersign.print` writes the page anew.
    @Test
    void the_page_is_what_the_schema_prints() throws IOException {
        var page = Path.of("..", "docs", "reference", "configuration.md");
        if (System.getProperty("countersign.print") != null) {
            Files.writeString(page, Reference.markdown());
        }

        assertThat(Files.readString(page)).isEqualTo(Reference.markdown());
    }
}

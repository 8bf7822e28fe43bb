package dev.countersign.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UserAgentTest {
    @ParameterizedTest
    @CsvSource({
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0, Firefox",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36, Chrome",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0, Edge",
        "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15, Safari",
        "curl/8.5.0, curl",
        "<script>, other",
    })
    void a_browser_is_known_by_its_family(String header, String family) {
        assertThat(UserAgent.family(Optional.of(header))).isEqualTo(family);
    }

    @Test
    void who_says_nothing_is_other() {
        assertThat(UserAgent.family(Optional.empty())).isEqualTo("other");
    }
}

package dev.countersign.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.77, 192.0.2.0/24",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:0:0:0:0:0/48",
        "::ffff:192.0.2.77, 192.0.2.0/24",
    })
    void an_address_is_known_by_its_network(String address, String prefix) throws UnknownHostException {
        assertThat(Network.of(InetAddress.getByName(address)).prefix()).isEqualTo(prefix);
    }

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

package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OutsideTest {
    private final Outside outside =
            new Outside("https://auth.example.com", List.of("10.0.0.0/8", "192.0.2.1", "2001:db8::/33"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "198.51.100.1 | 203.0.113.7                 | 198.51.100.1",
                "10.0.0.1     | ''                          | 10.0.0.1",
                "10.0.0.1     | 203.0.113.7                 | 203.0.113.7",
                "10.0.0.1     | 1.1.1.1, 203.0.113.7        | 203.0.113.7",
                "10.0.0.1     | 1.1.1.1, 203.0.113.7, 10.9.9.9 | 203.0.113.7",
                "192.0.2.1    | 203.0.113.7                 | 203.0.113.7",
                "192.0.2.2    | 203.0.113.7                 | 192.0.2.2",
                "10.0.0.1     | 10.0.0.2, 10.0.0.3          | 10.0.0.2",
                "10.0.0.1     | 203.0.113.7, localhost      | 10.0.0.1",
                "10.0.0.1     | 203.0.113.7, unknown, 10.0.0.2 | 10.0.0.2",
                "10.0.0.1     | 203.0.113.7:4711            | 203.0.113.7",
                "10.0.0.1     | [2001:db9::1]:4711          | 2001:db9:0:0:0:0:0:1",
                "2001:db8:7fff::1 | 2001:db9::1             | 2001:db9:0:0:0:0:0:1",
                "2001:db8:8000::1 | 2001:db9::1             | 2001:db8:8000:0:0:0:0:1",
                "::ffff:10.0.0.1 | 203.0.113.7              | 203.0.113.7",
            })
    void the_client_is_the_nearest_that_is_no_proxy_of_ours(String peer, String forwarded, String client) {
        var header = forwarded.isEmpty() ? List.<String>of() : List.of(forwarded);
        assertThat(outside.client(InetAddress.ofLiteral(peer), header).getHostAddress())
                .isEqualTo(client);
    }

    @Test
    void headers_of_one_name_are_one_list() {
        var nearest = outside.client(InetAddress.ofLiteral("10.0.0.1"), List.of("1.1.1.1", "203.0.113.7", "10.0.0.2"));
        assertThat(nearest.getHostAddress()).isEqualTo("203.0.113.7");
    }

    @Test
    void the_scheme_is_what_the_nearest_proxy_says() {
        var proxy = InetAddress.ofLiteral("10.0.0.1");
        assertThat(outside.scheme(proxy, false, List.of("https"))).isEqualTo("https");
        assertThat(outside.scheme(proxy, false, List.of("https, http"))).isEqualTo("http");
        assertThat(outside.scheme(proxy, false, List.of("gopher"))).isEqualTo("http");
        assertThat(outside.scheme(proxy, true, List.of())).isEqualTo("https");
        assertThat(outside.scheme(InetAddress.ofLiteral("1.1.1.1"), false, List.of("https")))
                .isEqualTo("http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "example.com", "10.0.0/8", "::/129", ""})
    void what_is_no_range_of_addresses_is_refused(String text) {
        assertThatThrownBy(() -> Network.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a range of addresses: " + text);
    }

    @Test
    void a_range_of_no_bits_is_everything_of_its_family() {
        assertThat(Network.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("203.0.113.7")))
                .isTrue();
        assertThat(Network.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("::1")))
                .isFalse();
    }
}

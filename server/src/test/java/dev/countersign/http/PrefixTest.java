package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrefixTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.77, 192.0.2.0/24",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:0:0:0:0:0/48",
        "::ffff:192.0.2.77, 192.0.2.0/24",
    })
    void an_address_is_known_by_its_network(String address, String prefix) throws UnknownHostException {
        assertThat(Prefix.of(InetAddress.getByName(address)).text()).isEqualTo(prefix);
    }
}

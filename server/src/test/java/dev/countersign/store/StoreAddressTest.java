package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreAddressTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postgresql://us@db/name                                     | us  | jdbc:postgresql://db/name
            postgresql://us@db:6432/name?sslmode=verify-full            | us  | jdbc:postgresql://db:6432/name?sslmode=verify-full
            postgresql://u%40s@[::1]:5432/name                          | u@s | jdbc:postgresql://[::1]:5432/name
            postgresql://us@a,b/name?targetServerType=primary           | us  | jdbc:postgresql://a,b/name?targetServerType=primary
            postgresql://us@a:1,b:2,c/name?x=y&targetServerType=primary | us  | jdbc:postgresql://a:1,b:2,c/name?x=y&targetServerType=primary
            """)
    void the_driver_is_told_where_and_who(String written, String user, String url) {
        assertThat(StoreAddress.problem(written)).isEmpty();
        var address = (StoreAddress.Postgres) StoreAddress.of(written, Path.of("."));
        assertThat(address.user()).isEqualTo(user);
        assertThat(PostgresPools.url(address)).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://db/name",
                "postgresql://us@db",
                "postgresql://us@db/",
                "postgresql://us@/name",
                "postgresql://us@a,,b/name?targetServerType=primary",
                "postgresql:/us@db/name",
                "mysql://us@db/name",
                "sqlite:"
            })
    void what_names_no_database_is_refused(String written) {
        assertThat(StoreAddress.problem(written)).isPresent();
    }

    @Test
    void a_password_is_refused() {
        assertThat(StoreAddress.problem("postgresql://us:secret@db/name").orElseThrow())
                .contains("PGPASSWORD");
    }

    @Test
    void of_several_hosts_the_primary_has_to_be_asked_for() {
        assertThat(StoreAddress.problem("postgresql://us@a,b/name").orElseThrow())
                .contains("?targetServerType=primary");
        assertThat(StoreAddress.problem("postgresql://us@a,b/name?targetServerType=any"))
                .isPresent();
    }
}

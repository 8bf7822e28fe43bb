package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestStores;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdsTest {
    @Test
    void an_id_is_a_uuid_of_version_7_that_says_when() {
        var at = Instant.parse("2025-11-23T08:30:00.123456Z");
        var id = UUID.fromString(Ids.at(at));
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(at.toEpochMilli());
    }

    @Test
    void ids_sort_as_they_were_made() {
        var start = Instant.parse("2025-11-23T08:30:00Z");
        var ids = Stream.iterate(0, i -> i + 1)
                .limit(5_000)
                .map(i -> Ids.at(start.plusNanos(i * 1_000L)))
                .toList();
        assertThat(ids).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void a_secret_has_the_length_asked_for() {
        assertThat(Ids.secret(32)).hasSize(43).isNotEqualTo(Ids.secret(32));
    }

    @Test
    void the_store_keeps_instants_to_the_microsecond(@TempDir Path folder) {
        var at = Instant.parse("1969-07-20T20:17:40.123456Z");
        assertThat(Micros.instant(Micros.of(at.plusNanos(789)))).isEqualTo(at);
        try (var store = TestStores.open(folder.resolve("store.db"), InstantSource.fixed(at))) {
            var kept = store.write(tx -> tx.sql()
                    .createQuery("SELECT :at")
                    .bind("at", tx.now())
                    .mapTo(Instant.class)
                    .one());
            assertThat(kept).isEqualTo(at);
        }
    }
}

package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreTest {
    @TempDir
    Path folder;

    private Store store;

    @BeforeEach
    void open() {
        store = Store.open(folder.resolve("store.db"), InstantSource.system());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void what_was_written_is_read() {
        var keys = WrappedKeys.open(store, MasterKey.of(MasterKey.generate()));
        store.write(tx -> keys.add(tx, "k1", "token", "ES256", "{}", new byte[] {1, 2, 3}, tx.now()));
        var all = store.read(tx -> keys.all(tx, "token"));
        assertThat(all).hasSize(1);
        var secret = store.read(tx -> keys.secret(tx, "k1"));
        assertThat(secret).contains(new byte[] {1, 2, 3});
    }

    @Test
    void single_uses_are_single() {
        var uses = new SingleUses(store);
        assertThat(uses.spend("jti", "a", java.time.Instant.now())).isTrue();
        assertThat(uses.spend("jti", "a", java.time.Instant.now())).isFalse();
    }
}

package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WrappedKeysTest {
    private static final byte[] SECRET = "a private key".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final MasterKey master = MasterKey.of(MasterKey.generate());

    @Test
    void a_key_comes_back_whole_and_stands_nowhere_in_the_clear() throws Exception {
        try (var test = new TestStore(folder.resolve("store.db"))) {
            var keys = WrappedKeys.open(test.store, master);
            var key = test.store.write(tx -> keys.add(tx, "k1", "token", "ES256", "{}", SECRET, tx.now()));
            var all = test.store.read(tx -> keys.all(tx, "token"));
            assertThat(all).containsExactly(key);
            var secret = test.store.read(tx -> keys.secret(tx, "k1"));
            assertThat(secret).contains(SECRET);
            var unknown = test.store.read(tx -> keys.secret(tx, "k2"));
            assertThat(unknown).isEmpty();
        }
        assertThat(Files.readString(folder.resolve("store.db"), StandardCharsets.ISO_8859_1))
                .doesNotContain("a private key");
    }

    @Test
    void a_key_retires_once() throws Exception {
        try (var test = new TestStore(folder.resolve("store.db"))) {
            var keys = WrappedKeys.open(test.store, master);
            var key = test.store.write(tx -> keys.add(tx, "k1", "token", "ES256", "{}", SECRET, tx.now()));
            var first = key.createdAt().plus(Duration.ofDays(90));
            test.store.write(tx -> {
                keys.retire(tx, "k1", first);
                keys.retire(tx, "k1", first.plusSeconds(1));
                return true;
            });
            var all = test.store.read(tx -> keys.all(tx, "token"));
            assertThat(all.getFirst().retiredAt()).contains(first);
        }
    }

    @Test
    void a_wrong_master_key_is_refused_at_the_start() {
        try (var test = new TestStore(folder.resolve("store.db"))) {
            WrappedKeys.open(test.store, master);
            WrappedKeys.open(test.store, master);
            assertThatThrownBy(() -> WrappedKeys.open(test.store, MasterKey.of(MasterKey.generate())))
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining("this master key does not open");
        }
    }

    @Test
    void a_key_cannot_be_put_in_the_place_of_another() {
        try (var test = new TestStore(folder.resolve("store.db"))) {
            var keys = WrappedKeys.open(test.store, master);
            test.store.write(tx -> keys.add(tx, "k1", "token", "ES256", "{}", SECRET, tx.now()));
            test.store.write(tx -> tx.sql().execute("UPDATE wrapped_key SET id = 'k2' WHERE id = 'k1'"));
            assertThatThrownBy(() -> test.store.read(tx -> keys.secret(tx, "k2")))
                    .isInstanceOf(StoreRefused.class);
        }
    }

    @Test
    void every_changed_byte_of_what_is_wrapped_is_found() {
        var wrapped = master.wrap(SECRET, "k1|token");
        assertThat(master.unwrap(wrapped, "k1|token")).isEqualTo(SECRET);
        assertThatThrownBy(() -> master.unwrap(wrapped, "k1|ledger")).isInstanceOf(StoreRefused.class);
        for (int i = 0; i < wrapped.length; i++) {
            var changed = wrapped.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> master.unwrap(changed, "k1|token"))
                    .as("byte %d", i)
                    .isInstanceOf(StoreRefused.class);
        }
        assertThatThrownBy(() -> master.unwrap(new byte[3], "k1|token")).isInstanceOf(StoreRefused.class);
    }

    @Test
    void each_purpose_has_its_own_key_and_always_the_same() {
        var text = MasterKey.generate();
        assertThat(MasterKey.of(text).derive("network").getEncoded())
                .isEqualTo(MasterKey.of(text).derive("network").getEncoded())
                .isNotEqualTo(MasterKey.of(text).derive("agent").getEncoded());
    }

    @Test
    void a_master_key_that_others_may_read_is_refused() throws Exception {
        var file = folder.resolve("master.key");
        Files.writeString(file, MasterKey.generate() + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(MasterKey.read(file)).hasToString("MasterKey");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> MasterKey.read(file))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void a_master_key_of_the_wrong_length_is_refused_and_not_repeated() {
        var tooShort = Ids.secret(16);
        assertThatThrownBy(() -> MasterKey.of(tooShort))
                .isInstanceOf(StoreRefused.class)
                .hasMessageNotContaining(tooShort);
        assertThatThrownBy(() -> MasterKey.of("not base64url!")).isInstanceOf(StoreRefused.class);
    }
}

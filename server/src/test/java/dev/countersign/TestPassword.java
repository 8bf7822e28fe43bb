package dev.countersign;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.countersign.people.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Passwords of people in tests.
public final class TestPassword {
    private TestPassword() {}

    /// The cheapest hash that is taken: a tenth of the work of one that the server makes, and tests sign in a lot.
    public static PasswordHash hash(String password) {
        var salt = "a salt for tests".getBytes(StandardCharsets.UTF_8);
        var hash = Argon2Function.getInstance(4096, 1, 1, 32, Argon2.ID)
                .hash(password.getBytes(StandardCharsets.UTF_8), salt)
                .getBytes();
        var base64 = Base64.getEncoder().withoutPadding();
        return PasswordHash.parse(
                "$argon2id$v=19$m=4096,t=1,p=1$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash));
    }
}

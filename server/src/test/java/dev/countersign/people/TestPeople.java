package dev.countersign.people;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// People for tests.
public final class TestPeople {
    private TestPeople() {}

    /// The cheapest hash of a password that is taken.
    public static PasswordHash hash(String password) {
        var salt = "a salt for tests".getBytes(StandardCharsets.UTF_8);
        var hash = Argon2Function.getInstance(4096, 1, 1, 32, Argon2.ID)
                .hash(password.getBytes(StandardCharsets.UTF_8), salt)
                .getBytes();
        var base64 = Base64.getEncoder().withoutPadding();
        return PasswordHash.parse(
                "$argon2id$v=19$m=4096,t=1,p=1$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash));
    }

    /// A person whose password is the user name.
    public static LocalPerson person(String user, String name) {
        return new LocalPerson(user, name, user + "@example.com", hash(user));
    }
}

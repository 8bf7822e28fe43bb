package dev.countersign.people;

import dev.countersign.ledger.Entry;
import dev.countersign.oauth.Sha256;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The device_grant table: what somebody has confirmed that a command line may do as them, until it collects its token.
///
/// The command line makes a secret and shows its digest, the challenge, to whoever it asks to confirm it; whoever knows
/// the secret collects, once. So nothing is stored that a stranger asked for, and what people see in a URL collects
/// nothing.
public final class DeviceGrants {
    /// How long a command line may take to collect what was confirmed.
    public static final Duration LIFE = Duration.ofMinutes(10);

    /// How long the token works.
    public static final Duration TOKEN_LIFE = Duration.ofHours(8);

    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
    private static final int CODE = 8;

    private final Store store;
    private final ApiTokens apiTokens;
    private final InstantSource clock;

    /// What a command line is told.
    public sealed interface Collected {
        /// Its token.
        record Token(ApiTokens.Issued issued) implements Collected {}

        /// Nobody has said anything yet, or it was collected before.
        record Pending() implements Collected {}

        /// Somebody said no.
        record Refused() implements Collected {}
    }

    private record Row(String person, String scopes, String label) {}

    public DeviceGrants(Store store, ApiTokens apiTokens, InstantSource clock) {
        this.store = store;
        this.apiTokens = apiTokens;
        this.clock = clock;
    }

    /// Whether it can be a challenge, or a secret.
    public static boolean isChallenge(String text) {
        return SECRET.matcher(text).matches();
    }

    /// What a command line and a page both show of a challenge, for people to compare: `BCDF-GHJK`.
    public static String code(String challenge) {
        var digest = Sha256.of("device-code " + challenge);
        var code = new StringBuilder();
        for (int i = 0; i < CODE; i++) {
            code.append(i == CODE / 2 ? "-" : "").append(LETTERS.charAt((digest[i] & 0xff) % LETTERS.length()));
        }
        return code.toString();
    }

    /// Somebody lets a command line do this as them; without scopes they say no. What was said before about the same
    /// challenge stands.
    public void confirm(String challenge, PersonId person, Set<String> scopes, String label) {
        if (!isChallenge(challenge)) {
            throw new IllegalArgumentException("not a challenge");
        }
        store.write(tx -> {
            tx.sql()
                    .createUpdate("DELETE FROM device_grant WHERE until < :now")
                    .bind("now", tx.now())
                    .execute();
            return tx.sql()
                    .createUpdate("""
                            INSERT INTO device_grant (challenge, person, scopes, label, until)
                            VALUES (:challenge, :person, :scopes, :label, :until)
                            ON CONFLICT (challenge) DO NOTHING
                            """)
                    .bind("challenge", challenge)
                    .bind("person", person.value())
                    .bind("scopes", String.join(" ", new TreeSet<>(scopes)))
                    .bind("label", label)
                    .bind("until", tx.now().plus(LIFE))
                    .execute();
        });
    }

    /// What somebody has confirmed and no command line has collected gives no token any more.
    static void endAll(Tx tx, PersonId person) {
        tx.sql()
                .createUpdate("DELETE FROM device_grant WHERE person = :person")
                .bind("person", person.value())
                .execute();
    }

    /// Gives the command line of a secret its token, once. Not from inside a write.
    public Collected collect(String secret) {
        if (!isChallenge(secret)) {
            return new Collected.Pending();
        }
        var challenge = Sha256.base64url(secret);
        // Whoever asks in vain costs a read.
        boolean there = store.read(tx -> tx.sql()
                .createQuery("SELECT 1 FROM device_grant WHERE challenge = :challenge AND until > :now")
                .bind("challenge", challenge)
                .bind("now", clock.instant())
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
        return there ? take(challenge) : new Collected.Pending();
    }

    private Collected take(String challenge) {
        return store.write(tx -> {
            var row = tx.sql()
                    .createQuery("""
                            DELETE FROM device_grant WHERE challenge = :challenge AND until > :now
                            RETURNING person, scopes, label
                            """)
                    .bind("challenge", challenge)
                    .bind("now", tx.now())
                    .map((it, _) -> new Row(it.getString("person"), it.getString("scopes"), it.getString("label")))
                    .findOne();
            if (row.isEmpty()) {
                return new Collected.Pending();
            }
            var it = row.get();
            if (it.scopes().isEmpty()) {
                return new Collected.Refused();
            }
            var issued = apiTokens.issueIfPresent(
                    tx,
                    new PersonId(it.person()),
                    Set.of(it.scopes().split(" ", -1)),
                    it.label(),
                    TOKEN_LIFE,
                    new Entry.Actor("person", it.person()));
            return issued.<Collected>map(Collected.Token::new).orElseGet(Collected.Refused::new);
        });
    }
}

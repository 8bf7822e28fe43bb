package dev.countersign.passkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// WebAuthn §7.1 and §7.2, by an authenticator in software.
final class AssertionTest {
    private static final RelyingParty PARTY = RelyingParty.of("https://auth.example.com");
    private static final String CHALLENGE = Base64Url.write(new byte[32]);

    private final TestAuthenticator authenticator = new TestAuthenticator(PARTY);

    private static String why(Assertion.Checked checked) {
        return switch (checked) {
            case Assertion.Checked.Bad(var why) -> why;
            case Assertion.Checked.Good _ -> "";
        };
    }

    private static String why(Registration.Checked checked) {
        return switch (checked) {
            case Registration.Checked.Bad(var why) -> why;
            case Registration.Checked.Good _ -> "";
        };
    }

    private String why(Assertion assertion) {
        return why(assertion.check(PARTY, CHALLENGE, authenticator.key(), 0));
    }

    @ParameterizedTest
    @EnumSource
    void what_a_passkey_signs_is_known_by_its_key(CredentialKey.Algorithm algorithm) {
        var one = new TestAuthenticator(PARTY, algorithm);
        var made = (Registration.Checked.Good) one.register(CHALLENGE).check(PARTY, CHALLENGE);
        assertThat(made.credential()).isEqualTo(one.credential());
        assertThat(made.key()).isEqualTo(one.key());
        assertThat(made.key().isSound()).isTrue();
        assertThat(one.sign(CHALLENGE).check(PARTY, CHALLENGE, made.key(), made.count()))
                .isEqualTo(new Assertion.Checked.Good(1));
        var another = new TestAuthenticator(PARTY, algorithm);
        assertThat(why(another.sign(CHALLENGE).check(PARTY, CHALLENGE, made.key(), 0)))
                .isEqualTo("its passkey did not sign this");
    }

    @Test
    void another_challenge_is_not_what_was_shown() {
        assertThat(why(authenticator.sign(Base64Url.write(new byte[31]))))
                .contains("something else than what was shown");
    }

    @Test
    void another_origin_is_refused_whatever_is_signed() {
        authenticator.origin = "https://auth.example.com.evil.example";
        assertThat(why(authenticator.sign(CHALLENGE))).contains("another origin");
        authenticator.origin = "https://auth.example.com:8443";
        assertThat(why(authenticator.sign(CHALLENGE))).contains("another origin");
        authenticator.origin = "http://auth.example.com";
        assertThat(why(authenticator.sign(CHALLENGE))).contains("another origin");
    }

    @Test
    void a_page_within_another_is_refused() {
        authenticator.framed = true;
        assertThat(why(authenticator.sign(CHALLENGE))).contains("within a page of another origin");
    }

    @Test
    void another_server_is_refused() {
        authenticator.party = "example.com";
        assertThat(why(authenticator.sign(CHALLENGE))).contains("for another server");
    }

    @Test
    void somebody_stood_there_and_proved_who_they_are() {
        authenticator.flags = TestAuthenticator.PRESENT;
        assertThat(why(authenticator.sign(CHALLENGE))).contains("did not ask for a PIN");
        assertThat(why(authenticator.register(CHALLENGE).check(PARTY, CHALLENGE)))
                .contains("did not ask for a PIN");
        authenticator.flags = TestAuthenticator.VERIFIED;
        assertThat(why(authenticator.sign(CHALLENGE))).contains("nobody touched");
    }

    @Test
    void a_registration_is_no_assertion_and_the_other_way_round() {
        assertThat(why(authenticator.sign("webauthn.create", CHALLENGE))).contains("another question");
        var signed = authenticator.sign(CHALLENGE);
        var attestation = authenticator.register(CHALLENGE).attestation();
        assertThat(why(new Registration(signed.clientData(), attestation).check(PARTY, CHALLENGE)))
                .contains("another question");
    }

    @Test
    void a_counter_goes_up_where_there_is_one() {
        var signed = authenticator.sign(CHALLENGE);
        assertThat(why(signed.check(PARTY, CHALLENGE, authenticator.key(), 0))).isEmpty();
        assertThat(why(signed.check(PARTY, CHALLENGE, authenticator.key(), 1))).contains("counter went back");
        assertThat(why(signed.check(PARTY, CHALLENGE, authenticator.key(), 7))).contains("counter went back");
        var silent = new TestAuthenticator(PARTY);
        silent.counts = false;
        assertThat(why(silent.sign(CHALLENGE).check(PARTY, CHALLENGE, silent.key(), 0)))
                .isEmpty();
        assertThat(why(silent.sign(CHALLENGE).check(PARTY, CHALLENGE, silent.key(), 3)))
                .contains("counter went back");
    }

    @Test
    void every_byte_is_signed() {
        var it = authenticator.sign(CHALLENGE);
        for (var changed : new Assertion[] {
            new Assertion(it.credential(), it.clientData(), flipped(it.authenticatorData(), 36), it.signature()),
            new Assertion(it.credential(), spaced(it.clientData()), it.authenticatorData(), it.signature()),
            new Assertion(it.credential(), it.clientData(), it.authenticatorData(), flipped(it.signature(), 20))
        }) {
            assertThat(why(changed)).isEqualTo("its passkey did not sign this");
        }
    }

    private static String flipped(String text, int at) {
        var bytes = java.util.Base64.getUrlDecoder().decode(text);
        bytes[at] ^= 1;
        return Base64Url.write(bytes);
    }

    private static String spaced(String text) {
        return Base64Url.write(
                (new String(java.util.Base64.getUrlDecoder().decode(text), java.nio.charset.StandardCharsets.UTF_8)
                                + " ")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "AA", "AAA", "AB", "eyJ9"})
    void what_cannot_be_read_is_refused(String text) {
        var it = authenticator.sign(CHALLENGE);
        assertThat(why(new Assertion(it.credential(), text, it.authenticatorData(), it.signature())))
                .isNotEmpty();
        assertThat(why(new Assertion(it.credential(), it.clientData(), text, it.signature())))
                .isNotEmpty();
        assertThat(why(new Assertion(it.credential(), it.clientData(), it.authenticatorData(), text)))
                .isNotEmpty();
        assertThat(why(new Registration(authenticator.register(CHALLENGE).clientData(), text).check(PARTY, CHALLENGE)))
                .isNotEmpty();
    }

    @Test
    void an_attestation_that_is_cut_anywhere_is_refused() {
        var whole = authenticator.attestation();
        var client = authenticator.register(CHALLENGE).clientData();
        for (int length = 0; length < whole.length; length++) {
            var cut = new Registration(client, Base64Url.write(Arrays.copyOf(whole, length)));
            assertThat(why(cut.check(PARTY, CHALLENGE))).as("%d bytes", length).isNotEmpty();
        }
        var longer = new Registration(client, Base64Url.write(Arrays.copyOf(whole, whole.length + 1)));
        assertThat(why(longer.check(PARTY, CHALLENGE))).isNotEmpty();
    }

    @Test
    void a_point_that_is_not_on_the_curve_is_no_key() throws Unreadable {
        var cose = new LinkedHashMap<Object, Object>();
        cose.put(1L, 2L);
        cose.put(3L, -7L);
        cose.put(-1L, 1L);
        cose.put(-2L, new byte[32]);
        cose.put(-3L, new byte[32]);
        assertThat(refused(cose)).isTrue();
        cose.put(3L, -8L);
        assertThat(refused(cose)).as("an algorithm of another kind of key").isTrue();
        cose.put(3L, -65535L);
        assertThat(refused(cose)).as("RS1").isTrue();
    }

    private static boolean refused(java.util.Map<?, ?> cose) {
        try {
            CredentialKey.ofCose(cose);
            return false;
        } catch (Unreadable e) {
            return true;
        }
    }

    /// Indefinite lengths, tags, floats, a name twice, a map of more than there is, and too deep.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bf6161f5ff",
                "c0a0",
                "a16161fb3ff0000000000000",
                "a26161f56161f4",
                "ba7fffffff",
                "a1616181818181818180",
                "a161615f41004100ff",
                "a1f5f5",
                "a161611c",
                "a16161f6"
            })
    void cbor_that_no_authenticator_writes_is_refused(String hex) {
        boolean refused = false;
        try {
            Cbor.map(HexFormat.of().parseHex(hex));
        } catch (Unreadable e) {
            refused = true;
        }
        assertThat(refused).isTrue();
    }

    @Test
    void the_relying_party_is_the_issuers_host_and_its_origin_exactly() {
        assertThat(RelyingParty.of("https://Auth.Example.com:443/"))
                .isEqualTo(new RelyingParty("auth.example.com", "https://auth.example.com"));
        assertThat(RelyingParty.of("http://localhost:8080"))
                .isEqualTo(new RelyingParty("localhost", "http://localhost:8080"));
        assertThat(RelyingParty.of("http://127.0.0.1:8080").isNamed()).isFalse();
        assertThat(RelyingParty.of("http://[::1]:8080").isNamed()).isFalse();
        assertThat(PARTY.isNamed()).isTrue();
    }
}

package dev.countersign.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import dev.countersign.http.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A JWT in signed compact form (RFC 7515 §7.1, RFC 7519), read within our limits and not yet verified.
///
/// Nothing in its header leads anywhere: `jku`, `x5u` and `x5c` are never looked at, an embedded `jwk` only by who
/// expects one, and any `crit` is refused because we understand no extension. RFC 8725 §3.
public final class Jws {
    /// The longest that is read, in characters.
    public static final int LONGEST = 8 * 1024;

    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    /// Times beyond this many seconds (the year 9999) are nonsense, and would not fit an [Instant].
    private static final BigDecimal LATEST = BigDecimal.valueOf(253_402_300_799L);

    /// The protected header. Nothing in it is to be believed before [#isSignedBy] is true.
    public final JWSHeader header;

    /// The payload, no more to be believed than the header.
    public final JsonNode claims;

    private final byte[] signed;
    private final Base64URL signature;

    private Jws(JWSHeader header, JsonNode claims, byte[] signed, Base64URL signature) {
        this.header = header;
        this.claims = claims;
        this.signed = signed;
        this.signature = signature;
    }

    /// Why a JWS is refused, in words that suit an `error_description`.
    public static final class Fault extends Exception {
        public Fault(String said) {
            super(said, null, false, false);
        }

        /// The words.
        public String said() {
            return String.valueOf(getMessage());
        }
    }

    /// Reads one.
    ///
    /// @param algorithms the only ones that are taken; `none` and the symmetric ones have no place among them
    /// @param types the `typ` values that are taken, in lower case; an empty one lets it be left out
    public static Jws read(String compact, Set<JWSAlgorithm> algorithms, Set<String> types) throws Fault {
        if (compact.length() > LONGEST) {
            throw new Fault("it is longer than " + LONGEST + " characters");
        }
        if (!COMPACT.matcher(compact).matches()) {
            throw new Fault("it is not a JWS in compact form");
        }
        int first = compact.indexOf('.');
        int second = compact.indexOf('.', first + 1);
        var header = header(new Base64URL(compact.substring(0, first)));
        if (!algorithms.contains(header.getAlgorithm())) {
            throw new Fault("its alg is not accepted here");
        }
        if (!types.contains(type(header))) {
            throw new Fault("its typ is not accepted here");
        }
        var claims = object(new Base64URL(compact.substring(first + 1, second)), "its payload");
        return new Jws(
                header,
                claims,
                compact.substring(0, second).getBytes(StandardCharsets.US_ASCII),
                new Base64URL(compact.substring(second + 1)));
    }

    private static JWSHeader header(Base64URL encoded) throws Fault {
        // Ours is the stricter parser, Nimbus's the one that knows the members.
        if (object(encoded, "its header").has("crit")) {
            throw new Fault("it has a crit header");
        }
        try {
            return JWSHeader.parse(encoded);
        } catch (ParseException | IllegalArgumentException fault) {
            throw new Fault("its header cannot be read");
        }
    }

    private static JsonNode object(Base64URL encoded, String what) throws Fault {
        JsonNode node;
        try {
            node = Json.read(encoded.decode());
        } catch (Json.Malformed fault) {
            throw new Fault(what + " is not JSON");
        }
        if (!node.isObject()) {
            throw new Fault(what + " is not a JSON object");
        }
        return node;
    }

    /// RFC 7515 §4.1.9: a media type without its `application/`, in any case.
    private static String type(JWSHeader header) {
        return header.getType() == null
                ? ""
                : header.getType().getType().toLowerCase(Locale.ROOT).replaceFirst("^application/", "");
    }

    /// True when the signature is by that key.
    public boolean isSignedBy(JWSVerifier verifier) {
        try {
            return verifier.verify(header, signed, signature);
        } catch (JOSEException fault) {
            return false; // an algorithm the key does not do, a signature that is none
        }
    }

    /// A claim that must be a string and not empty.
    public String text(String claim) throws Fault {
        var value = claims.path(claim).asString("");
        if (value.isEmpty() || !claims.path(claim).isString()) {
            throw new Fault("its " + claim + " is missing or not a string");
        }
        return value;
    }

    /// A claim that, if there, must be a NumericDate (RFC 7519 §2); fractions of a second are cut off.
    public Optional<Instant> time(String claim) throws Fault {
        var value = claims.path(claim);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isNumber() || value.decimalValue().abs().compareTo(LATEST) > 0) {
            throw new Fault("its " + claim + " is not a time");
        }
        return Optional.of(Instant.ofEpochSecond(value.decimalValue().longValue()));
    }
}

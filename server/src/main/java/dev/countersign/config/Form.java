package dev.countersign.config;

import dev.countersign.http.Network;
import dev.countersign.oauth.Scopes;
import dev.countersign.source.Template;
import dev.countersign.store.StoreAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The forms that a text can have to have. `wants` finishes the sentence "this must be …".
enum Form {
    NAME("name", "a name of letters, digits and `.` `_` `-`, at most 64"),
    CLIENT_ID("client id", "an id of letters, digits and `.` `_` `-` `~` `:` `/` `@`, at most 128"),
    SCOPE("scope", "a scope: visible ASCII characters without blanks, quotes and backslashes, at most 128"),
    LINE("text", "one line of plain text, at most 200 characters"),
    SENTENCE("text", "plain text, at most 1000 characters"),
    EMAIL("email address", "an email address"),
    HOST("host", "the name of a host, or an IP address"),
    RESOURCE("URL", "an https URL without fragment (http only on localhost and loopback addresses)"),
    ISSUER("URL", "https, host and port and nothing after it (http only on localhost and loopback addresses)"),
    LISTEN("host:port", "HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080"),
    NETWORK("network", "a network, such as 10.0.0.0/8 or fd00::/8"),
    STORE("store", "sqlite: and the path of a file, or postgresql://user@host/database"),
    PATH("path", "the path of a file, at most 1,000 characters"),
    SECRET_HASH(
            "hash",
            "sha256: and 64 lower-case hex digits; `countersign clients new-secret` makes a secret and its hash"),
    PASSWORD_HASH("hash", "an Argon2id hash in its PHC form"),
    DAY("date", "a date such as 2027-03-01, or a time such as 2027-03-01T12:00:00Z"),
    ZONE("zone", "a zone with a name, such as Europe/Berlin or UTC"),
    HOURS("hours", "hours such as 08:00-17:30, until 24:00 at most"),
    IDENTIFIER(
            "name",
            "a name of lower-case letters, digits and `_` that starts with a letter, at most 32, and is no word of CEL's"),
    TEMPLATE("URL", "a URL, in whose path and query may stand what a request has"),
    POINTER("pointer", "a JSON Pointer (RFC 6901) such as /status/open, at most 200 characters"),
    DAYS("days", "a day such as 2026-12-25, or the first and the last such as 2026-12-24/2027-01-01");

    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern CLIENT_IDS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._~:/@-]{0,127}");
    private static final Pattern EMAILS = Pattern.compile("[^\\s@<>\"]{1,64}@[A-Za-z0-9.-]{1,190}");
    private static final Pattern HOSTS =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F]*:[0-9a-fA-F:.]+");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9.-]+):([0-9]{1,5})");
    private static final Pattern HEX_HASH = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern HOURS_OF_DAY =
            Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)");
    private static final Pattern IDENTIFIERS = Pattern.compile("[a-z][a-z0-9_]{0,31}");
    private static final Pattern POINTERS = Pattern.compile("(/([^/~]|~[01])*){1,20}");

    /// What CEL keeps for itself, and cannot be selected.
    private static final Set<String> CEL = Set.of(
            "as",
            "break",
            "const",
            "continue",
            "else",
            "false",
            "for",
            "function",
            "if",
            "import",
            "in",
            "let",
            "loop",
            "namespace",
            "null",
            "package",
            "return",
            "true",
            "var",
            "void",
            "while");

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    /// The word for it in the reference page.
    final String word;

    final String wants;

    Form(String word, String wants) {
        this.word = word;
        this.wants = wants;
    }

    /// What is wrong with a text, as the end of a sentence that starts with the text; empty when it will do.
    Optional<String> problem(String text) {
        boolean good = switch (this) {
            case NAME -> NAMES.matcher(text).matches();
            case CLIENT_ID -> CLIENT_IDS.matcher(text).matches();
            case SCOPE -> text.length() <= 128 && Scopes.isToken(text);
            case LINE -> plain(text, 200, false);
            case SENTENCE -> plain(text, 1000, true);
            case EMAIL -> EMAILS.matcher(text).matches();
            case HOST -> HOSTS.matcher(text).matches();
            case RESOURCE -> resource(text);
            case ISSUER -> issuer(text);
            case LISTEN -> listen(text);
            case NETWORK -> Network.is(text);
            case STORE -> plain(text, 1000, false) && StoreAddress.problem(text).isEmpty();
            case PATH -> plain(text, 1000, false) && !text.endsWith("/");
            case SECRET_HASH -> HEX_HASH.matcher(text).matches() && !Hashes.ofNothing(text);
            case PASSWORD_HASH -> Hashes.password(text).isEmpty();
            case DAY -> Units.instant(text).isPresent();
            case ZONE -> ZoneId.getAvailableZoneIds().contains(text);
            case HOURS -> HOURS_OF_DAY.matcher(text).matches();
            case DAYS -> CalendarCheck.days(text).isPresent();
            case IDENTIFIER -> IDENTIFIERS.matcher(text).matches() && !CEL.contains(text);
            case TEMPLATE -> Template.problem(text).isEmpty();
            case POINTER -> plain(text, 200, false) && POINTERS.matcher(text).matches();
        };
        return good ? Optional.empty() : Optional.of(said(text));
    }

    private String said(String text) {
        return switch (this) {
            case STORE -> StoreAddress.problem(text).orElse("this must be " + wants);
            case TEMPLATE -> Template.problem(text).orElse("this must be " + wants);
            case SECRET_HASH -> Hashes.named(text) + "; write " + wants;
            case PASSWORD_HASH -> Hashes.password(text).orElse("") + "; write " + wants;
            case ZONE ->
                "there is no zone `" + text + "`"
                        + Spelling.near(text, ZoneId.getAvailableZoneIds())
                                .map(it -> "; did you mean `" + it + "`?")
                                .orElse("")
                        + "; write " + wants;
            default -> "this must be " + wants;
        };
    }

    /// No control characters, none that turn the direction of writing, nothing but blanks refused.
    private static boolean plain(String text, int most, boolean lines) {
        return !text.isBlank()
                && text.codePointCount(0, text.length()) <= most
                && text.codePoints().noneMatch(c -> c == '\n' ? !lines : hidden(c));
    }

    private static boolean hidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static boolean resource(String text) {
        return uri(text)
                .filter(uri -> uri.getRawFragment() == null && uri.getRawUserInfo() == null && safe(uri))
                .isPresent();
    }

    private static boolean issuer(String text) {
        return uri(text)
                .filter(uri -> uri.getRawFragment() == null
                        && uri.getRawUserInfo() == null
                        && uri.getRawQuery() == null
                        && uri.getRawPath().isEmpty()
                        && text.equals(text.toLowerCase(Locale.ROOT))
                        && safe(uri))
                .isPresent();
    }

    private static Optional<URI> uri(String text) {
        try {
            var uri = new URI(text);
            return text.length() <= 500 && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static boolean safe(URI uri) {
        return "https".equals(uri.getScheme())
                || ("http".equals(uri.getScheme())
                        && LOOPBACK.matcher(uri.getHost()).matches());
    }

    private static boolean listen(String text) {
        var match = HOST_AND_PORT.matcher(text);
        return match.matches() && Integer.parseInt(match.group(2)) <= 65_535;
    }
}

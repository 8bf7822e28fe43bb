package dev.countersign.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A URL with places for what a request has: `https://tickets.example.com/api/{ticket}`.
///
/// What fills a place stays in it: all but letters, digits, `-`, `_`, `.` and `~` is percent-encoded, and what
/// would still leave it at a server that resolves dots (`..`, also behind an encoded slash) or nothing at all
/// is not asked about.
public record Template(String text) {
    /// What may stand in braces.
    public static final List<String> NAMES = List.of("client", "subject", "resource", "ticket");

    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}|[{}]");
    private static final Pattern AUTHORITY = Pattern.compile("[a-z]+://[^/?#]*");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
    private static final int LONGEST = 1_000;

    /// What comes of filling it.
    sealed interface Filled {
        record Url(URI uri) implements Filled {}

        /// Nobody is asked, and why: the end of a sentence that starts with the source.
        record Unasked(String why) implements Filled {}
    }

    /// What is wrong with a text as one of these, as the end of a sentence; empty when nothing is.
    public static Optional<String> problem(String text) {
        var places = PLACE.matcher(text);
        var authority = AUTHORITY.matcher(text);
        int path = authority.lookingAt() ? authority.end() : text.length();
        while (places.find()) {
            if (places.group(1) == null) {
                return Optional.of("there is a brace without its other half");
            }
            if (!NAMES.contains(places.group(1))) {
                return Optional.of("`{" + places.group(1) + "}` is nothing that a request has; there are " + "{"
                        + String.join("}, {", NAMES) + "}");
            }
            if (places.start() < path) {
                return Optional.of("what a request has stands in path and query only");
            }
        }
        return uri(PLACE.matcher(text).replaceAll("x")).filter(Template::isSafe).isPresent()
                ? Optional.empty()
                : Optional.of("this must be an https URL without user and fragment (http only on localhost and loopback"
                        + " addresses)");
    }

    private static Optional<URI> uri(String text) {
        try {
            return text.length() <= LONGEST && text.chars().allMatch(c -> c > 0x20 && c < 0x7f)
                    ? Optional.of(new URI(text))
                    : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static boolean isSafe(URI uri) {
        return uri.getHost() != null
                && uri.getRawFragment() == null
                && uri.getRawUserInfo() == null
                && !leaves(uri.getRawPath())
                && ("https".equals(uri.getScheme())
                        || ("http".equals(uri.getScheme())
                                && LOOPBACK.matcher(uri.getHost()).matches()));
    }

    /// Whether parts of a path are dots that a server resolves.
    private static boolean leaves(String path) {
        return List.of(path.split("[/\\\\]", -1)).stream().anyMatch(it -> it.equals(".") || it.equals(".."));
    }

    Filled fill(Inquiry inquiry) {
        for (var places = PLACE.matcher(text); places.find(); ) {
            var name = places.group(1);
            var value = value(name, inquiry);
            if (value.isEmpty()) {
                return new Filled.Unasked("was not asked, since the request has no " + name);
            }
            if (value.length() > LONGEST || value.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
                return new Filled.Unasked("was not asked, since the " + name + " cannot stand in a URL");
            }
        }
        int query = text.indexOf('?');
        var path = query < 0 ? text : text.substring(0, query);
        var plain = PLACE.matcher(AUTHORITY.matcher(path).replaceFirst(""))
                .replaceAll(it -> Matcher.quoteReplacement(value(it.group(1), inquiry)));
        if (leaves(plain)) {
            return new Filled.Unasked("was not asked, since what the request has would lead elsewhere there");
        }
        return new Filled.Url(URI.create(PLACE.matcher(text)
                .replaceAll(it -> Matcher.quoteReplacement(encoded(value(it.group(1), inquiry))))));
    }

    private static String value(String name, Inquiry inquiry) {
        return switch (name) {
            case "client" -> inquiry.client();
            case "subject" -> inquiry.subject();
            case "resource" -> inquiry.resource();
            case "ticket" -> inquiry.ticket();
            default -> throw new IllegalStateException("a place that was checked: " + name);
        };
    }

    /// RFC 3986 §2.3: what is not unreserved is percent-encoded.
    private static String encoded(String value) {
        var encoded = new StringBuilder();
        for (byte octet : value.getBytes(UTF_8)) {
            int c = octet & 0xff;
            boolean unreserved = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-_.~".indexOf(c) >= 0;
            encoded.append(unreserved ? String.valueOf((char) c) : "%%%02X".formatted(c));
        }
        return encoded.toString();
    }
}

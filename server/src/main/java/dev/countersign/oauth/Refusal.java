package dev.countersign.oauth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Ends a request with an OAuth error. Caught in one place, [Edge].
///
/// `said` goes to the client and must tell it nothing it could not have known; `because` goes to our log only.
/// RFC 6749 §5.2 limits the characters of an `error_description`, so a description that breaks the limit is our bug,
/// found by the first test that meets it.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// How long a client stays away that met an overload or a failed store and is told no other time.
    private static final Duration SHORTLY = Duration.ofSeconds(2);

    public final ErrorCode code;
    public final String said;

    private final Duration after;

    private Refusal(ErrorCode code, String said, String because, Duration after, @Nullable Throwable cause) {
        if (!said.chars().allMatch(Refusal::allowed)) {
            throw new IllegalArgumentException("not an error_description: " + said);
        }
        super(because, cause, false, cause != null);
        this.code = code;
        this.said = said;
        this.after = after;
    }

    /// A refusal with this text for the client.
    public static Refusal of(ErrorCode code, String said) {
        return new Refusal(code, said, said, SHORTLY, null);
    }

    /// The same refusal with a reason for our log.
    public Refusal because(String because) {
        return new Refusal(code, said, because, after, getCause());
    }

    /// The same refusal with the fault behind it, which is logged with its stack.
    public Refusal because(Throwable cause) {
        return new Refusal(code, said, String.valueOf(cause.getMessage()), after, cause);
    }

    /// The same refusal of a client that may come again, not sooner than after that long.
    public Refusal after(Duration away) {
        return new Refusal(code, said, String.valueOf(getMessage()), away, getCause());
    }

    /// How long to stay away.
    public Duration after() {
        return after;
    }

    /// A text that is not ours (names from a client's JSON, a library's words) as an `error_description` may have it:
    /// `?` for what §5.2 does not allow, and no longer than anyone reads.
    public static String sayable(String text) {
        var allowed = new StringBuilder();
        text.codePoints().limit(200).map(c -> allowed(c) ? c : '?').forEach(allowed::appendCodePoint);
        return allowed.toString();
    }

    private static boolean allowed(int c) {
        return c >= 0x20 && c <= 0x7e && c != '"' && c != '\\';
    }
}

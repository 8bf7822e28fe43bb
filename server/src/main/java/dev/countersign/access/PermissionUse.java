package dev.countersign.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// What one permission was used for in the time that is looked at.
///
/// @param since when it was registered; empty when that was before the time began
/// @param last when a token had it last; empty when none ever had
/// @param tokens how many had it, ever
public record PermissionUse(
        Permission permission, State state, Optional<Instant> since, Optional<Instant> last, long tokens) {
    /// How it stands.
    public enum State {
        /// A token had it in that time.
        USED,
        /// None had, and it was there all the time.
        UNUSED,
        /// None had, and it was registered within that time: too young to say.
        YOUNG;

        /// As it stands in the API.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static PermissionUse of(
            Permission permission, Optional<Instant> since, Optional<Instant> last, long tokens, Instant from) {
        var state = last.filter(it -> !it.isBefore(from)).isPresent()
                ? State.USED
                : since.isPresent() ? State.YOUNG : State.UNUSED;
        return new PermissionUse(permission, state, since, last, tokens);
    }

    /// It as a sentence with its numbers.
    public String sentence(Instant now) {
        return permission + ": " + said(now);
    }

    /// The same without what it is of.
    public String said(Instant now) {
        return switch (state) {
            case USED, UNUSED ->
                last.map(it -> "last used " + ago(it, now) + ", " + count(tokens) + " in all")
                        .orElse("never used");
            case YOUNG ->
                "registered " + since.map(it -> ago(it, now)).orElse("of late")
                        + " and not used since, which is too short to judge";
        };
    }

    private static String ago(Instant at, Instant now) {
        long days = Math.max(0, Duration.between(at, now).toDays());
        return days == 0 ? "today" : days == 1 ? "1 day ago" : days + " days ago";
    }

    private static String count(long tokens) {
        return tokens == 1 ? "1 token" : tokens + " tokens";
    }
}

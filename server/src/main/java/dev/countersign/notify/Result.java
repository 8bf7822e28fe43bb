package dev.countersign.notify;

import dev.countersign.outward.Answer;

/// What came of one try.
sealed interface Result {
    /// It was taken.
    ///
    /// @param reference where it stands now; empty when that says nothing
    record Told(String reference) implements Result {}

    /// There is nothing to tell any more.
    record Moot() implements Result {}

    /// It was not, and may be another time.
    record Failed(String why) implements Result {}

    /// It was not, and never will be.
    record Refused(String why) implements Result {}

    /// What an answer means to whoever only wants to be heard: a status of 2xx is yes, and 410 that nobody is
    /// there any more. Redirects are not followed: what is signed for one address is not for another.
    static Result of(Answer answer) {
        return switch (answer) {
            case Answer.Said(var status, _, _) when status / 100 == 2 -> new Told("");
            case Answer.Said(var status, _, _) when status == 410 -> new Refused("answered that it is gone (410)");
            case Answer.Said(var status, _, _) -> new Failed("answered with status " + status);
            case Answer.Nothing(var silence) -> new Failed(words(silence));
        };
    }

    /// The same of a client that is called, Deferred Token Response §2.8: what it refuses it refuses for good.
    static Result ofCallback(Answer answer) {
        return answer instanceof Answer.Said(var status, _, _) && status / 100 == 4
                ? new Refused("answered with status " + status)
                : of(answer);
    }

    private static String words(Answer.Silence silence) {
        return switch (silence) {
            case LATE -> "did not answer in time";
            case UNREACHABLE -> "could not be reached";
            case FORBIDDEN -> "is at an address that is never asked";
            case UNTRUSTED -> "could not prove who it is";
            case TOO_LARGE -> "answered more than 64 KiB";
            case NOT_HTTP -> "answered what is not HTTP";
            case BUSY -> "was not asked, since this node asks too much at once";
        };
    }
}

package dev.countersign.people;

import java.time.Duration;

/// What came of an attempt to sign in.
public sealed interface SignIn {
    /// The person is signed in.
    ///
    /// @param cookie the session's cookie
    /// @param device a cookie to keep for a year, which spares this browser the waits that strangers cause
    record Done(Person person, Session session, String cookie, String device) implements SignIn {
        /// Keeps the cookies out of logs.
        @Override
        public String toString() {
            return "Done[" + session + "]";
        }
    }

    /// User and password do not belong together, or there is no such user: one answer for both.
    record Wrong() implements SignIn {}

    /// Too many failures; the password was not looked at.
    record Slow(Duration retryAfter) implements SignIn {}

    /// Too many sign-ins at once; the password was not looked at.
    record Busy(Duration retryAfter) implements SignIn {}
}

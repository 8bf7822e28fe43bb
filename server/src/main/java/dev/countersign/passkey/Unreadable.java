package dev.countersign.passkey;

/// What was sent is not of the form that WebAuthn gives it; why, as the rest of a sentence.
final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String why) {
        super(why, null, false, false);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}

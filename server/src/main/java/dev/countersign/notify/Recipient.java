package dev.countersign.notify;

/// Whom a message to a client that is called is for.
///
/// @param hash of its code
record Recipient(String client, String hash) {
    /// As a message has it: no client id has a blank.
    String text() {
        return client + " " + hash;
    }

    static Recipient parse(String text) {
        int blank = text.indexOf(' ');
        return new Recipient(text.substring(0, blank), text.substring(blank + 1));
    }
}

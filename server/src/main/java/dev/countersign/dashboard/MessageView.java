package dev.countersign.dashboard;

/// A page that says one thing: not found, not allowed, not available.
///
/// @param reference names the request in our log; empty when there is nothing to look up
/// @param link where the way out leads
/// @param out what the way out is called
public record MessageView(int status, String title, String text, String reference, String link, String out)
        implements View {
    /// One whose way out is the queue.
    public MessageView(int status, String title, String text, String reference) {
        this(status, title, text, reference, "/", "To the queue");
    }
}

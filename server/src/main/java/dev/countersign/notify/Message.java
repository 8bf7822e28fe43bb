package dev.countersign.notify;

import dev.countersign.ledger.EntryView;
import dev.countersign.oauth.Sha256;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// One event that is to be told to one recipient of a notifier.
///
/// @param id the same whichever node makes it and however often it is sent: who hears it twice can tell
/// @param recipient empty where the notifier has one
/// @param entry the index of the entry that it comes of
/// @param request empty when it is of none
/// @param tries how often it was tried, this time with it
public record Message(
        String notifier,
        String id,
        String recipient,
        long entry,
        Event event,
        String request,
        Instant madeAt,
        int tries) {

    /// The message that an entry becomes.
    static Message of(Notifier notifier, Event event, EntryView entry, String recipient) {
        var id = Sha256.ofAll(
                "countersign-message/v1",
                notifier.id(),
                event.word(),
                entry.hash().text(),
                recipient);
        return of(notifier, event, entry, entry.request().orElse(""), recipient, id);
    }

    /// That a request waits, to somebody who is on call since an entry. Of each request a person is told so once an
    /// hour, however often they come on call.
    static Message handedOver(Notifier notifier, EntryView entry, String request, String recipient) {
        var id = Sha256.ofAll(
                "countersign-message/handed-over/v1",
                notifier.id(),
                entry.at().truncatedTo(ChronoUnit.HOURS).toString(),
                request,
                recipient);
        return of(notifier, Event.REQUEST_PENDING, entry, request, recipient, id);
    }

    /// @param digest what makes it the same message on every node
    private static Message of(
            Notifier notifier, Event event, EntryView entry, String request, String recipient, String digest) {
        return new Message(
                notifier.id(),
                "msg_" + digest.substring(0, 27),
                recipient,
                entry.index(),
                event,
                request,
                entry.at(),
                0);
    }
}

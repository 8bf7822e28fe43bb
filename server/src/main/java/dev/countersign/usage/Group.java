package dev.countersign.usage;

import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/// What is usual for all clients of one owner together: where a client's own habit is too thin, theirs counts.
///
/// @param members the first 64 that had a token, sorted
record Group(List<String> members, PeerHours hours, Rate rate) {
    static final Group NONE = new Group(List.of(), PeerHours.NONE, Rate.NONE);

    /// As many are looked at.
    static final int MOST = 64;

    Group trained(long hour) {
        return new Group(members, hours.trained(hour), rate);
    }

    /// With what closes of a member's windows.
    Group pooled(String client, Rate own, Instant at) {
        return new Group(with(client), hours, rate.pooled(own, at));
    }

    private List<String> with(String client) {
        if (members.size() >= MOST || members.contains(client)) {
            return members;
        }
        var all = new TreeSet<>(members);
        all.add(client);
        return List.copyOf(all);
    }

    List<Object> form() {
        return List.of(members, hours.form(), rate.form());
    }

    static Group of(Form form) {
        return new Group(form.list().texts(), PeerHours.of(form.list()), Rate.of(form.list()));
    }
}

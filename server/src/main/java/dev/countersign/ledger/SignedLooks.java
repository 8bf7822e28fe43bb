package dev.countersign.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// Which publications say that what people say of broken glass is signed: those by servers that know of it. One
/// version may be published more than once, and not always by such a server.
public final class SignedLooks {
    private final Map<String, TreeMap<Long, Boolean>> published = new HashMap<>();

    /// Takes an entry in. All but publications say nothing of it.
    public void read(EntryView entry) {
        if (entry.code() == Code.CONFIGURATION_PUBLISHED) {
            published
                    .computeIfAbsent(entry.text("version"), _ -> new TreeMap<>())
                    .put(entry.index(), entry.flag(Member.SIGNS_LOOKS));
        }
    }

    /// Whether the configuration says so that a token was minted by, as it was published last before that.
    public boolean by(EntryView minted) {
        var publications = published.get(minted.text(Member.POLICY_VERSION));
        var last = publications == null ? null : publications.lowerEntry(minted.index());
        return last != null && last.getValue();
    }

    /// Whether a word on broken glass has to be signed, and is not: its token says that it has to be, and so
    /// did the configuration.
    boolean lacks(EntryView word, EntryView minted) {
        return minted.flag(Member.SIGNED) && by(minted) && !word.body().containsKey(Member.SIGNATURE);
    }
}

package dev.countersign.notify;

import dev.countersign.approval.Administration;
import dev.countersign.approval.Question;
import dev.countersign.approval.Seen;
import dev.countersign.oauth.Risk;
import dev.countersign.usage.Finding;
import java.util.List;
import java.util.function.Predicate;

/// On what people may vote where it is posted: only where what is posted is all there is to see, and nothing
/// about it wants a second look.
public final class ChatVotes {
    private final Predicate<Risk> proved;

    /// @param proved whether to approve something of a risk takes a proof of who one is, which a chat cannot give
    public ChatVotes(Predicate<Risk> proved) {
        this.proved = proved;
    }

    /// Whether that channel takes votes on it as it stands now: others may ask for the same from elsewhere meanwhile,
    /// and a reviewer may have asked something.
    boolean on(Seen seen, Notifier.Channel.Slack channel) {
        return on(seen.approval().question(), channel) && isQuiet(seen.findings()) && !seen.hasQuestion();
    }

    /// Whether that channel takes votes on it, as it was made.
    boolean on(Question question, Notifier.Channel.Slack channel) {
        return channel.votes()
                        .filter(it -> question.risk().level <= it.upTo().level)
                        .isPresent()
                && !question.verdict().signed()
                && !proved.test(question.risk())
                && question.ask().details().isEmpty()
                && question.ask().uses() == 1
                && !Administration.isServer(question.request().client())
                && isQuiet(question.findings());
    }

    private static boolean isQuiet(List<Finding> findings) {
        return findings.stream().allMatch(it -> it.tone() == Finding.Tone.GOOD);
    }
}

package dev.countersign.dashboard;

import dev.countersign.oauth.Risk;
import java.util.List;
import java.util.Optional;

/// One request as a reviewer reads it, in the nine blocks of the page and their order. Text that the client wrote is
/// inert by the time it is here.
///
/// @param scopes the scope names, in grey under the sentence
/// @param why the client's own words; empty when it gave none
/// @param ticket the client's own reference; empty when it gave none
/// @param queue what the queue that it was opened from shows, as the query of a URL
public record RequestView(
        String id,
        Sentence sentence,
        String scopes,
        Risk risk,
        Status status,
        Judged judged,
        Optional<Publication> publication,
        Grant grant,
        Requester requester,
        String why,
        String ticket,
        Talk talk,
        Optional<Asking> asking,
        Habit habit,
        List<Harm> harms,
        Optional<Choice> choice,
        Folded folded,
        String queue)
        implements View {
    /// The same, opened from a queue that shows that.
    RequestView from(String parameters) {
        return new RequestView(
                id,
                sentence,
                scopes,
                risk,
                status,
                judged,
                publication,
                grant,
                requester,
                why,
                ticket,
                talk,
                asking,
                habit,
                harms,
                choice,
                folded,
                parameters);
    }

    /// Block 2: how it stands, and what the viewer has to do with it.
    ///
    /// @param state the approval's state word
    /// @param headline "Waits for a decision", "Approved by Ana Lima"
    /// @param left until the deadline; empty when nothing runs out any more
    /// @param you why this viewer is asked, or why not
    /// @param decides what this viewer's vote would do; empty when there is none to cast
    /// @param away to whom else it was handed on, and who else could vote and is away, in words
    /// @param seen what the viewer's form says it has seen
    public record Status(
            String state,
            String headline,
            Optional<Left> left,
            String you,
            String decides,
            List<StageLine> stages,
            List<VoteLine> votes,
            List<String> away,
            String seen) {}

    /// A vote that was cast.
    ///
    /// @param comment the reviewer's words; empty when there are none
    /// @param signed whether it is signed with a passkey
    /// @param via by which way it came, in words; empty when that is not known
    public record VoteLine(
            String who, boolean approve, String narrowed, String comment, Moment at, boolean signed, String via) {}

    /// Block 3: what policy said and what is unusual.
    ///
    /// @param version the first digits of the policy version
    /// @param quiet what is said when there are no findings
    /// @param more how many findings are not shown here
    public record Judged(
            String verdict, List<String> rules, String version, List<FindingLine> findings, String quiet, int more) {}

    /// What a configuration that is to come into force makes otherwise; there only for such a request.
    public record Publication(List<Part> parts, Optional<FlipsView> flips) {}

    /// A part of it.
    public record Part(String title, List<String> lines) {}

    /// Block 4: exactly what will be granted.
    ///
    /// @param heading "Will be granted", "Was granted" or "Was asked"
    /// @param uses "one token", or what ends it where no token is given; empty of what lasts
    /// @param starts when it begins, if that is later than it was asked; empty otherwise
    /// @param key what the token is bound to; empty where none is given
    /// @param compared with what "new" and "same" compare, or that there is nothing to compare with; where no
    ///     token is given, what is done instead
    /// @param dropped what the last grant had and this one has not
    public record Grant(
            String heading,
            String audience,
            String audienceId,
            List<Item> items,
            String lifetime,
            String lifetimeChange,
            String uses,
            Optional<Moment> starts,
            String key,
            String compared,
            List<String> dropped) {}

    /// A scope or a detail that will be granted.
    ///
    /// @param words its title, or its sentence
    /// @param name the scope's name, or the detail's type
    /// @param change "new" when the last grant had not got it; empty otherwise
    /// @param value what a form calls it: the scope's name, or the detail's position
    /// @param scope whether it is a scope rather than a detail
    public record Item(String words, String name, Risk risk, String change, String value, boolean scope) {
        /// The same, marked.
        Item marked(String mark) {
            return new Item(words, name, risk, mark, value, scope);
        }
    }

    /// Block 5: who asks.
    ///
    /// @param holds the tokens it has; empty of a person who asks for something else
    public record Requester(
            String name,
            String id,
            String owner,
            String authenticated,
            String chain,
            String address,
            String agent,
            String holds) {}

    /// Block 6, what came of asking: questions of reviewers and answers of those who want the token.
    ///
    /// @param may whether this viewer may say something
    /// @param asks whether this viewer is on the requester's side
    /// @param claimed who looks into it; empty when nobody does
    /// @param mine whether that is this viewer
    public record Talk(List<Line> lines, boolean may, boolean asks, String claimed, boolean mine) {
        /// Whether anything was said.
        public boolean shown() {
            return !lines.isEmpty();
        }
    }

    /// Something that was said.
    ///
    /// @param requester whether it was said for those who want the token
    public record Line(String who, boolean requester, String words, Moment at) {}

    /// What those who asked for it are told beside that, and they alone.
    ///
    /// @param waits whom it waits for, a line for each stage
    /// @param usual how long that usually takes, in words; empty when it is not known, or over
    /// @param reminded when they reminded who decides last; empty when they did not
    /// @param nudges whether they may now
    /// @param from from when on they may, before the deadline; empty when they may now or not at all
    /// @param cancels whether they may take it back
    /// @param denials why it was denied, a line for each who said so
    /// @param instead what smaller request would get further
    public record Asking(
            List<String> waits,
            String usual,
            Optional<Moment> reminded,
            boolean nudges,
            Optional<Moment> from,
            boolean cancels,
            List<String> denials,
            List<String> instead) {
        /// Whether there is anything to tell.
        public boolean shown() {
            return cancels || !waits.isEmpty() || !denials.isEmpty() || !instead.isEmpty();
        }
    }

    /// Block 7: what is normal for this client.
    public record Habit(String line, Optional<Picture> picture) {}

    /// Block 8: what one of the scopes can do at worst, and how that is undone.
    public record Harm(String what, String worst, String undo) {}

    /// What the viewer may choose; there only when a vote of theirs would count now.
    ///
    /// @param second whether an approval needs a second step
    /// @param seconds the longest lifetime
    /// @param uses the most tokens
    /// @param signed whether a vote is signed with a passkey
    /// @param others to whom the viewer may hand it on
    public record Choice(
            boolean second,
            List<Option> options,
            long seconds,
            int uses,
            boolean signed,
            List<dev.countersign.dashboard.Option> others) {}

    /// Something that may be left out, and what of it may be lowered instead.
    public record Option(Item item, List<Amount> amounts, List<Elements> lists) {}

    /// A number that may be lowered.
    ///
    /// @param field what the form calls it
    /// @param most what is asked
    /// @param least empty when it may be as low as one likes
    public record Amount(String field, String name, String most, String least) {}

    /// A list of which elements may be left out; the form calls each by its position.
    public record Elements(String field, String name, List<String> words) {}

    /// Block 9: for who wants to check.
    ///
    /// @param findings those that did not fit into block 3
    public record Folded(
            String json, String hash, List<FindingLine> findings, List<String> trace, List<Event> events) {}

    /// A line of the timeline.
    ///
    /// @param entry its ledger entry's index and leaf hash
    public record Event(Moment at, String what, String entry) {}
}

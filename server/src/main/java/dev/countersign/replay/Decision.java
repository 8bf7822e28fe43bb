package dev.countersign.replay;

import dev.countersign.http.Json;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Histories;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.Told;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What policy said of one request, as the ledger has it.
///
/// @param judged the entry that says so
/// @param asked the entry that says what was asked; the same one unless people were to decide
/// @param decided the entry in which people or the clock settled it; empty when none did yet
public record Decision(String request, Told judged, EntryView asked, Optional<EntryView> decided) {

    /// The facts that were recorded.
    public sealed interface Recorded {
        record Known(Facts facts) implements Recorded {}

        /// They were erased with what else was known of the client, or never disclosed.
        record Withheld() implements Recorded {}

        /// They are there and cannot be read.
        record Unreadable(String said) implements Recorded {}
    }

    /// The decision among the entries of a request; empty when policy never judged it.
    ///
    /// @throws IllegalArgumentException when an entry is none
    static Optional<Decision> of(Histories.History history) {
        var entries = history.entries();
        return entries.stream()
                .filter(it -> !it.entry().text(Member.POLICY_VERSION).isEmpty())
                .filter(it -> !it.entry().texts(Member.RULES).contains(Policy.ATTESTATION)
                        && !it.entry().texts(Member.RULES).contains(Policy.PASSKEYS))
                .findFirst()
                .map(judged -> new Decision(
                        history.request(),
                        judged,
                        entries.getFirst().entry(),
                        entries.stream()
                                .map(Told::entry)
                                .filter(it -> it.code() == Code.REQUEST_DECIDED)
                                .findFirst()));
    }

    public Instant at() {
        return judged.entry().at();
    }

    /// When what was asked for begins, for which policy was asked: its start, or when it was judged.
    Instant begins() {
        var start = Instant.ofEpochSecond(asked.number(Member.START));
        return start.isAfter(at()) ? start : at();
    }

    /// The policy version that was in force.
    public String version() {
        return judged.entry().text(Member.POLICY_VERSION);
    }

    /// The rules that settled it.
    public List<String> rules() {
        return judged.entry().texts(Member.RULES);
    }

    public String client() {
        return asked.text(Member.CLIENT);
    }

    public String resource() {
        return asked.text(Member.RESOURCE);
    }

    public List<String> scopes() {
        return asked.texts(Member.SCOPES);
    }

    /// Why it was refused at once whatever policy said of it; empty when it was not.
    public String refusedFor() {
        var because =
                judged.entry().code() == Code.REQUEST_REFUSED ? judged.entry().text(Member.BECAUSE) : "";
        return because.equals(Member.BY_POLICY) ? "" : because;
    }

    /// The verdict, when the entry tells it: what was refused for another reason may have had either of two.
    public Optional<Word> word() {
        return switch (judged.entry().code()) {
            case TOKEN_MINTED -> Optional.of(observed().orElse(Word.APPROVE));
            case REQUEST_JUDGED -> Optional.of(Word.REVIEW);
            case REQUEST_REFUSED -> refusedFor().isEmpty() ? Optional.of(Word.DENY) : observed();
            default -> Optional.empty(); // judges nothing
        };
    }

    /// What policy said of it and was not followed in, since it was observed only; empty when it was followed.
    private Optional<Word> observed() {
        return Word.of(judged.entry().text(Member.VERDICT));
    }

    /// Whether a token was issued though policy said otherwise: it was observed only.
    public boolean isUnfollowed() {
        return judged.entry().text(Member.BY).equals(Member.BY_OBSERVATION);
    }

    /// How long people had it before they decided, or the clock did.
    public Optional<Duration> waited() {
        return decided.map(it -> Duration.between(at(), it.at())).filter(it -> !it.isNegative());
    }

    /// Whether people decided it.
    public boolean byPeople() {
        return decided.filter(it -> it.text(Member.BY).equals(Member.BY_PEOPLE)).isPresent();
    }

    public Recorded recorded() {
        try {
            return judged.disclosed(Member.FACTS)
                    .<Recorded>map(it -> new Recorded.Known(Facts.fromJson(it)))
                    .orElseGet(Recorded.Withheld::new);
        } catch (IllegalArgumentException | Json.Malformed e) {
            return new Recorded.Unreadable(String.valueOf(e.getMessage()));
        }
    }
}

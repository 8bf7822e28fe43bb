package dev.countersign.approval;

import dev.countersign.oauth.Risk;
import dev.countersign.store.Store;
import dev.countersign.usage.Daily;
import dev.countersign.usage.Finding;
import dev.countersign.usage.Profiles;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Looks for what people always agree to. However long the past is, no more of it is read than the newest [#LOOKED]
/// requests that are over.
public final class Suggestions {
    /// From how many equal decisions on.
    public static final int LEAST = 20;

    /// By how many different people at least.
    public static final int PEOPLE = 2;

    private static final int LOOKED = 1_000;
    private static final int DAYS = 30;
    private static final List<String> OVER = List.of("approved", "denied", "redeemed", "revoked", "expired");

    private final Store store;
    private final Approvals approvals;
    private final Profiles profiles;

    public Suggestions(Store store, Approvals approvals, Profiles profiles) {
        this.store = store;
        this.approvals = approvals;
        this.profiles = profiles;
    }

    private record Same(String client, String resource, List<String> scopes, List<String> rules, Risk risk) {
        static Same of(Question question) {
            var request = question.request();
            return new Same(
                    request.client(),
                    request.resource(),
                    request.scopes().names(),
                    question.verdict().rules(),
                    question.risk());
        }
    }

    /// What they agreed to most often first. Of high and critical risk, with details or for the server itself there is
    /// nothing: that is for people.
    public List<Suggestion> of(Instant now) {
        var filter = new Approvals.Filter(OVER, "", Optional.empty(), "", "");
        var since = now.minus(Duration.ofDays(DAYS));
        var past = store.read(tx -> approvals.list(tx, filter, LOOKED)).stream()
                .map(Approvals.Row::approval)
                .filter(it -> it.question().request().madeAt().isAfter(since))
                .filter(it -> isSimple(it.question()))
                .collect(Collectors.groupingBy(it -> Same.of(it.question())));
        var all = new ArrayList<Suggestion>();
        past.forEach((same, decided) -> of(same, decided, now).ifPresent(all::add));
        all.sort(Comparator.comparingInt(Suggestion::decisions)
                .reversed()
                .thenComparing(Suggestion::client)
                .thenComparing(it -> it.scopes().toString()));
        return List.copyOf(all);
    }

    private static boolean isSimple(Question question) {
        return question.risk().compareTo(Risk.HIGH) < 0
                && question.request().details().isEmpty()
                && !Administration.isServer(question.request().client());
    }

    /// All of them were agreed to as they were asked; one that was not, and there is no habit. What was unusual about
    /// one was something to look at: it does not count.
    private Optional<Suggestion> of(Same same, List<Approval> all, Instant now) {
        var decided = all.stream().filter(Suggestions::isUsual).toList();
        var voters = decided.stream()
                .flatMap(it -> it.heard().stream())
                .map(Vote::speaksFor)
                .distinct()
                .count();
        if (decided.size() < LEAST || voters < PEOPLE || !all.stream().allMatch(Suggestions::isAgreed)) {
            return Optional.empty();
        }
        return Optional.of(new Suggestion(
                same.client(),
                same.resource(),
                same.scopes(),
                same.rules(),
                same.risk(),
                decided.size(),
                (int) voters,
                decided.stream()
                        .map(it -> it.question().request().origin().method())
                        .distinct()
                        .sorted()
                        .toList(),
                decided.stream().noneMatch(it -> it.question().request().key().isEmpty()),
                words(decided),
                decided.stream()
                        .map(it -> it.question().ask().lifetime())
                        .max(Comparator.naturalOrder())
                        .orElseThrow(),
                daily(same.client(), now)));
    }

    /// Which words of the client none of them was without.
    private static List<String> words(List<Approval> decided) {
        var requests = decided.stream().map(it -> it.question().request()).toList();
        var words = new ArrayList<String>();
        if (requests.stream().noneMatch(it -> it.reason().isEmpty())) {
            words.add("reason");
        }
        if (requests.stream().noneMatch(it -> it.ticket().isEmpty())) {
            words.add("ticket");
        }
        return words;
    }

    private static boolean isUsual(Approval approval) {
        return approval.question().findings().stream().allMatch(it -> it.tone() == Finding.Tone.GOOD);
    }

    private static boolean isAgreed(Approval approval) {
        boolean agreed = switch (approval) {
            case Approval.Approved _, Approval.Redeemed _ -> true;
            case Approval.Pending _, Approval.Denied _, Approval.Expired _, Approval.Cancelled _, Approval.Revoked _ ->
                false;
        };
        return agreed && approval.heard().stream().allMatch(it -> it.narrowed().isEmpty());
    }

    /// The most that the client had, or asked people for, in one of the days looked at: at least one.
    private long daily(String client, Instant now) {
        long most = profiles
                .daysOf(client)
                .map(it -> it.last(DAYS, LocalDate.ofInstant(now, ZoneOffset.UTC)))
                .orElse(List.of())
                .stream()
                .mapToLong(it -> it.count(Daily.Came.PASSED) + it.count(Daily.Came.ASKED))
                .max()
                .orElse(1);
        return Math.max(1, most);
    }
}

package dev.countersign.approval;

import dev.countersign.http.Json;
import dev.countersign.oauth.Risk;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Rule;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// That people agree to the same thing again and again: a rule may do so in their place, for a while and for so much.
/// It is text to be pasted, and becomes policy by a publication like any other.
///
/// @param scopes what is always asked, and nothing else
/// @param rules those that put it before people, to which its exception is written
/// @param decisions how many requests people agreed to
/// @param people how many different people did
/// @param methods how the client authenticated
/// @param keyBound whether each token would have been bound to a key
/// @param words which of `reason` and `ticket` each of them had
/// @param lifetime the longest that was asked for
/// @param daily the most tokens the client had or asked for in a day
public record Suggestion(
        String client,
        String resource,
        List<String> scopes,
        List<String> rules,
        Risk risk,
        int decisions,
        int people,
        List<String> methods,
        boolean keyBound,
        List<String> words,
        Duration lifetime,
        long daily) {
    private static final Duration LASTS = Duration.ofDays(30);
    private static final int LONGEST = 40;

    /// The text to be pasted: a calendar that ends, the rule, and the conditions of those that ask people with its
    /// exception. Empty when one of these is not in force any more.
    public Optional<String> yaml(Policy policy, LocalDate today) {
        var asking =
                policy.rules().stream().filter(it -> rules.contains(it.name())).toList();
        if (asking.size() != rules.size()) {
            return Optional.empty();
        }
        var until = today.plusDays(LASTS.toDays());
        var condition = condition(until);
        return Optional.of("""
                calendars:
                  - name: %s
                    zone: UTC
                    windows: [ { days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], hours: 00:00-24:00 } ]
                    holidays: [ %s/%s ]
                policies:
                  - rule: %s
                    when: %s
                    approve: { lifetime: %ds }
                """.formatted(calendar(until), today, until, name(), quoted(condition), lifetime.toSeconds())
                + asking.stream().map(it -> except(it, condition)).collect(Collectors.joining()));
    }

    /// The rule as it asks people of all but that.
    private static String except(Rule rule, String condition) {
        return """
                  # in place of the `when` of %s, which stays as it is otherwise
                  - rule: %s
                    when: %s
                """.formatted(
                rule.name(), rule.name(), quoted("(" + rule.when().text().strip() + ") && !(" + condition + ")"));
    }

    /// What the rule applies to: that alone and with nothing unusual about it, as what people looked at, until it is
    /// over, and no more a day than ever.
    String condition(LocalDate until) {
        return "client.id == " + Json.write(client) + " && resource == " + Json.write(resource)
                + " && scopes.size() == "
                + scopes.size()
                + scopes.stream()
                        .map(it -> " && " + Json.write(it) + " in scopes")
                        .collect(Collectors.joining())
                + " && details_types.size() == 0 && findings.size() == 0 && auth.method in " + Json.write(methods)
                + (keyBound ? " && auth.key_bound" : "")
                + words.stream().map(it -> " && " + it + " != \"\"").collect(Collectors.joining())
                + " && lifetime <= " + lifetime.toSeconds()
                + " && past_day.tokens <= " + daily + " && " + Json.write(calendar(until)) + " in time.holidays";
    }

    /// A scalar of YAML, which JSON's strings are.
    private static String quoted(String text) {
        return Json.write(text.replaceAll("\\s*\\R\\s*", " "));
    }

    private static String calendar(LocalDate until) {
        return "trial-until-" + until;
    }

    private String name() {
        var words = (client + "-" + String.join("-", scopes)).replaceAll("[^A-Za-z0-9.-]+", "-");
        return words.substring(0, Math.min(words.length(), LONGEST)) + "-trial";
    }
}

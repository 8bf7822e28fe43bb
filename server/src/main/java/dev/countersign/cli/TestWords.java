package dev.countersign.cli;

import dev.countersign.http.Json;
import dev.countersign.oauth.ClientText;
import dev.countersign.policy.TakenFacts;

/// Writes a test of a request that was made, for a configuration folder: what was known of it, and what it gets by the
/// rules that it is judged by.
final class TestWords {
    private final Terminal terminal;
    private final Judging.Question question;

    TestWords(Terminal terminal, Judging.Question question) {
        this.terminal = terminal;
        this.question = question;
    }

    void tell() {
        var decision = question.decision()
                .orElseThrow(
                        () -> new WrongUsage("--as-test writes a test of a request that was made: give --request"));
        var taken = TakenFacts.of(question.facts(), question.registrations());
        var verdict = question.policy().judge(question.facts()).verdict();
        terminal.say("tests:");
        terminal.say("  - name: " + Json.write("as request " + decision.request()));
        terminal.say("    given:");
        taken.given().forEach((name, value) -> terminal.say("      " + name + ": " + written(value)));
        terminal.say("    expect: { verdict: " + verdict.word() + ", rule: " + Json.write(verdict.rule()) + " }");
        taken.left()
                .forEach(it -> terminal.note("a test cannot give " + it + ", which was "
                        + ClientText.inert(question.facts().words(it), 200)));
    }

    /// JSON is YAML, and a text that looks like something else stays a text.
    private static String written(Object value) {
        return Json.write(value);
    }
}

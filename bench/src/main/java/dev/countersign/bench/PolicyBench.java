package dev.countersign.bench;

import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.Effect;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Judgement;
import dev.countersign.policy.Policy;
import dev.countersign.policy.RuleSource;
import dev.countersign.policy.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What a verdict costs, by the number of rules.
@State(Scope.Benchmark)
public class PolicyBench {
    /// How many rules there are.
    @Param({"10", "100"})
    public int rules = 10;

    private Policy policy = new Policy("none", List.of());
    private Facts facts = Facts.builder().build();

    /// Compiles the rules: one approves, the others ask for what this request is not.
    @Setup
    public void compile() {
        var sources = new ArrayList<RuleSource>();
        sources.add(new RuleSource("routine", "risk == LOW", new Effect.Approve(Optional.of(Duration.ofMinutes(1)))));
        for (int i = 1; i < rules; i++) {
            sources.add(other(i));
        }
        policy = switch (Policy.compile(sources, "v1")) {
            case Policy.Compiled.Ready(var ready) -> ready;
            case Policy.Compiled.Faulty(var faults) -> throw new IllegalStateException(faults.toString());
        };
        facts = facts();
    }

    private static RuleSource other(int number) {
        var review = Effect.Review.by(List.of(new Stage("reviewers", 1)));
        return switch (number % 3) {
            case 0 -> new RuleSource("rule-" + number, "'scope:" + number + "' in scopes && risk >= HIGH", review);
            case 1 ->
                new RuleSource("rule-" + number, "client.owner == 'team-" + number + "' && time.hour < 6", review);
            default ->
                new RuleSource(
                        "rule-" + number,
                        "usage.idle_days > 90 && client.id == 'bot-" + number + "'",
                        Effect.Deny.because("not used for {usage.idle_days} days"));
        };
    }

    private static Facts facts() {
        var orders = new Resource(
                "https://orders.example.com", "Orders", "orders", List.of(), Map.of(), Map.of(), Optional.empty());
        return Facts.builder()
                .client("order-bot", "Order bot", "builders", List.of("prod"))
                .subject("order-bot")
                .asks(orders, Scopes.parse("orders:read"), AuthorizationDetails.NONE, List.of(), Risk.LOW)
                .lifetime(Duration.ofMinutes(1))
                .words("", "")
                .time(Instant.parse("2026-06-01T10:00:00Z"), ZoneOffset.UTC)
                .auth("client_secret_basic", false)
                .usage(3, 1_000, true, List.of())
                .findings(List.of())
                .build();
    }

    /// One verdict.
    @Benchmark
    public Judgement judge() {
        return policy.judge(facts);
    }

    /// The facts, written as the ledger keeps them.
    @Benchmark
    public String factsAsText() {
        return facts.toJson();
    }
}

package dev.countersign.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.Amounts;
import dev.countersign.policy.Effect;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Policy;
import dev.countersign.policy.RuleSource;
import dev.countersign.policy.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A request that is judged once more since a count moved is asked for as much as it was.
final class RecountTest {
    private static final Policy POLICY = ((Policy.Compiled.Ready) Policy.compile(
                    List.of(new RuleSource(
                            "several",
                            "past_day.tokens > 0",
                            new Effect.Review(
                                    List.of(new Stage("oncall", 1)),
                                    Effect.WITHIN,
                                    Effect.COLLECT,
                                    Optional.of(Duration.ofMinutes(5)),
                                    List.of(),
                                    3,
                                    Optional.empty()))),
                    "version"))
            .policy();

    private static Judged judged(Counted counted) {
        var scopes = Scopes.parse("refunds:write");
        var facts = Facts.builder();
        counted.tell(facts);
        var request = new AccessRequest(
                "id",
                "refund-bot",
                "refund-bot",
                "https://payments.example.com",
                scopes,
                AuthorizationDetails.NONE,
                Optional.of(Duration.ofMinutes(2)),
                "",
                "",
                "",
                new AccessRequest.Origin("client_secret_basic", "c", "192.0.2.1", "n", "curl", "a"),
                Instant.EPOCH);
        return new Judged(
                request,
                POLICY.judge(facts.build()).verdict(),
                new Allowance(scopes, AuthorizationDetails.NONE, Duration.ofMinutes(2), 3),
                Risk.HIGH,
                facts.build().toJson(),
                List.of(),
                List.of(),
                "",
                "owners",
                Optional.empty(),
                new InForce.Limits(Duration.ZERO, 20, Duration.ZERO),
                POLICY,
                counted);
    }

    @Test
    void it_is_for_as_many_tokens() {
        var first = judged(new Counted.Known(1, Amounts.NONE));

        var again = Judge.by(first, new Counted.Known(2, Amounts.NONE));

        assertThat(again.verdict()).isEqualTo(first.verdict());
        assertThat(again.ask()).isEqualTo(first.ask());
        assertThat(Facts.fromJson(again.facts()).value("past_day.tokens")).contains(2L);
    }
}

package dev.countersign.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Allowance;
import dev.countersign.http.Field;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChoicesTest {
    private static final Map<String, DetailsType> TYPES = Map.of(
            "refund",
            DetailsType.load("refund", "Refund {amount}", Risk.HIGH, """
                    {"type": "object", "additionalProperties": false, "properties": {"amount": {"type": "number"}}}
                    """, List.of("amount"))
                    .orThrow());
    private static final Allowance ASK = new Allowance(
            Scopes.NONE,
            AuthorizationDetails.parse("[{\"type\":\"refund\",\"amount\":40}]", TYPES),
            Duration.ofSeconds(60));

    @ParameterizedTest
    @CsvSource({"25, 25", "2.50, 2.5", "1e1, 10", "99e99, 9.9e+100", "40, 40", "'', 40"})
    void an_amount_is_read_as_the_number_it_is(String written, String amount) {
        assertThat(read(written))
                .isEqualTo(new Choices.Read.Left(new Allowance(
                        ASK.scopes(),
                        AuthorizationDetails.parse("[{\"type\":\"refund\",\"amount\":" + amount + "}]", TYPES),
                        ASK.lifetime())));
    }

    @Test
    void an_amount_of_more_digits_than_a_number_holds_cannot_be_read() {
        assertThat(read("0.12345678901234567890")).isInstanceOf(Choices.Read.Wrong.class);
    }

    private static Choices.Read read(String amount) {
        return Choices.read(
                List.of(new Field("lifetime", "60"), new Field("detail", "0"), new Field("lower.0.amount", amount)),
                ASK,
                TYPES);
    }
}

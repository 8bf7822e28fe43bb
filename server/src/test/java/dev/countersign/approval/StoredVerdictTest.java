package dev.countersign.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.http.Json;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What was kept before a verdict could say more is read as if it said nothing of that.
class StoredVerdictTest {
    private static final Verdict.Review REVIEW = new Verdict.Review(
            List.of("money-moves"),
            "v1",
            List.of(new Stage("oncall", 1)),
            Duration.ofMinutes(15),
            Duration.ofMinutes(10),
            Optional.empty(),
            List.of());

    @Test
    void one_that_knew_of_no_rest_has_none() {
        var kept = Json.write(REVIEW);
        assertThat(kept).contains(",\"rest\":null");
        assertThat(Json.as(kept.replace(",\"rest\":null", ""), Verdict.Review.class))
                .isEqualTo(REVIEW);
    }
}

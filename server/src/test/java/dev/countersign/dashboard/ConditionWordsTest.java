package dev.countersign.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.policy.Condition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Conditions in words.
final class ConditionWordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            true ; always
            risk == LOW ; its risk is low
            risk >= HIGH && usage.idle_days > 60 ; its risk is at least high and the number of days since its last token is above 60
            !(risk >= HIGH) ; its risk is not at least high
            time.weekday != MONDAY ; the day is other than Monday
            "refunds:write" in scopes ; it asks for `refunds:write`
            !("office" in time.windows) ; `office` is not open
            client.id in ["a", "b"] ; the client is one of `a`, `b`
            client.id == "a" ; the client is `a`
            client.id != "a" ; the client is not `a`
            !(client.id != "a") ; the client is `a`
            ticket == "" ; its ticket is not given
            ticket != "" ; its ticket is given
            size(findings) == 0 ; nothing is unusual
            findings.size() > 0 ; something is unusual
            !(findings.size() == 0) ; something is unusual
            usage.mature && !usage.attested ; its habit is known well and its client is not attested
            risk == LOW && (usage.mature || "storm" in findings) ; its risk is low and (its habit is known well or it has the finding `storm`)
            !(risk == LOW && usage.mature) ; not (its risk is low and its habit is known well)
            details.all(d, d.amount < 100) ; `details.all(d, d.amount < 100)`
            !details.all(d, d.amount < 100) ; not `details.all(d, d.amount < 100)`
            usage.hour_ppm < 10 ; `usage.hour_ppm < 10`
            findings.size() > 2 ; `findings.size() > 2`
            """, quoteCharacter = '\0')
    void a_condition_in_words(String condition, String words) {
        assertThat(Condition.compile(condition))
                .isInstanceOfSatisfying(
                        Condition.Compiled.Ready.class,
                        it -> assertThat(ConditionWords.of(it.condition())).isEqualTo(words));
    }
}

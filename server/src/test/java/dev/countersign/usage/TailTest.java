package dev.countersign.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TailTest {
    private static final MathContext DIGITS = new MathContext(60);

    @Test
    void a_tail_is_what_its_exact_sum_is() {
        for (int shape = 1; shape <= 12; shape++) {
            for (int mean = 1; mean <= 12; mean++) {
                for (int k = 0; k <= 40; k++) {
                    double exact = exact(k, mean, shape);
                    assertThat(Tail.atLeast(k, mean, shape))
                            .as("P[X >= %d], mean %d, shape %d", k, mean, shape)
                            .isCloseTo(exact, within(1e-11 * exact));
                }
            }
        }
    }

    /// 1 minus the sum of what is below, with 60 digits: p^r C(j + r - 1, j) q^j with p = r / (m + r).
    private static double exact(int k, int mean, int shape) {
        var whole = new BigDecimal(mean + shape);
        var p = new BigDecimal(shape).divide(whole, DIGITS);
        var q = new BigDecimal(mean).divide(whole, DIGITS);
        var mass = p.pow(shape, DIGITS);
        var below = BigDecimal.ZERO;
        for (int j = 0; j < k; j++) {
            below = below.add(mass, DIGITS);
            mass = mass.multiply(q, DIGITS)
                    .multiply(new BigDecimal(j + shape), DIGITS)
                    .divide(new BigDecimal(j + 1), DIGITS);
        }
        return BigDecimal.ONE.subtract(below, DIGITS).doubleValue();
    }

    @Test
    void more_is_never_likelier() {
        var random = new Random(5);
        for (int run = 0; run < 300; run++) {
            double mean = StrictMath.exp(12 * random.nextDouble() - 6);
            double shape = StrictMath.exp(16 * random.nextDouble() - 8);
            double before = 1;
            for (int k = 1; k < 3_000; k = k * 3 / 2 + 1) {
                double now = Tail.atLeast(k, mean, shape);
                assertThat(now)
                        .as("run %d: k %d mean %s shape %s", run, k, mean, shape)
                        .isBetween(0.0, before * (1 + 1e-9) + 1e-14);
                before = now;
            }
        }
    }
}

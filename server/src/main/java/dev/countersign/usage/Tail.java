package dev.countersign.usage;

/// Upper tails of the negative binomial distribution: how likely it is to see that many, or more, where so many are
/// expected. All arithmetic is that of [StrictMath], so that every node computes the same bits.
final class Tail {
    private static final int STEPS = 10_000;
    private static final double ENOUGH = 1e-14;
    private static final double TINY = 1e-300;

    /// Lanczos' approximation of the gamma function, g = 7.
    private static final double[] LANCZOS = {
        0.9999999999998099,
        676.5203681218851,
        -1259.1392167224028,
        771.3234287776531,
        -176.6150291621406,
        12.507343278686905,
        -0.13857109526572012,
        9.984369578019572e-6,
        1.5056327351493116e-7
    };

    private Tail() {}

    /// P\[X ≥ k\] for X of that mean and shape: the variance is `mean + mean² / shape`. It is the regularised
    /// incomplete
    /// beta function I_q(k, shape) with q = mean / (mean + shape).
    static double atLeast(long k, double mean, double shape) {
        if (k <= 0) {
            return 1;
        }
        if (mean <= 0 || shape <= 0) {
            return 0;
        }
        return beta(mean / (mean + shape), shape / (mean + shape), (double) k, shape);
    }

    /// I_x(a, b), by its continued fraction (DLMF §8.17.22) on the side where that converges.
    ///
    /// @param rest 1 - x, given so that it keeps its digits
    private static double beta(double x, double rest, double a, double b) {
        double front = StrictMath.exp(
                logGamma(a + b) - logGamma(a) - logGamma(b) + a * StrictMath.log(x) + b * StrictMath.log(rest));
        double value = x < (a + 1) / (a + b + 2) ? front * fraction(x, a, b) / a : 1 - front * fraction(rest, b, a) / b;
        return Math.clamp(value, 0, 1);
    }

    private static double fraction(double x, double a, double b) {
        double c = 1;
        double d = 1 / nonzero(1 - (a + b) * x / (a + 1));
        double value = d;
        for (int m = 1; m <= STEPS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / nonzero(1 + even * d);
            c = nonzero(1 + even / c);
            value *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / nonzero(1 + odd * d);
            c = nonzero(1 + odd / c);
            double step = d * c;
            value *= step;
            if (Math.abs(step - 1) < ENOUGH) {
                break;
            }
        }
        return value;
    }

    private static double nonzero(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    private static double logGamma(double x) {
        if (x < 0.5) {
            return StrictMath.log(Math.PI / StrictMath.sin(Math.PI * x)) - logGamma(1 - x);
        }
        double t = x - 1 + 7.5;
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (x - 1 + i);
        }
        return 0.5 * StrictMath.log(2 * Math.PI) + (x - 0.5) * StrictMath.log(t) - t + StrictMath.log(sum);
    }
}

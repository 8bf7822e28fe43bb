package dev.countersign.http;

import java.math.BigDecimal;
import java.math.BigInteger;

/// How ECMAScript writes a number, ECMA-262 §6.1.6.1.20, which RFC 8785 §3.2.2.3 takes over.
final class EcmaNumber {
    private static final double INTEGERS = 1L << 53;

    private EcmaNumber() {}

    static String toString(double number) {
        if (number == Math.rint(number) && Math.abs(number) <= INTEGERS) {
            return Long.toString((long) number);
        }
        var sign = number < 0 ? "-" : "";
        var decimal = shortest(Math.abs(number));
        var digits = decimal.unscaledValue().toString();
        // The names of the specification: k digits, the first of which stands for 10^(n-1).
        int k = digits.length();
        int n = k - decimal.scale();
        if (k <= n && n <= 21) {
            return sign + digits + "0".repeat(n - k);
        }
        if (0 < n && n <= 21) {
            return sign + digits.substring(0, n) + "." + digits.substring(n);
        }
        if (-6 < n && n <= 0) {
            return sign + "0." + "0".repeat(-n) + digits;
        }
        var fraction = k == 1 ? "" : "." + digits.substring(1);
        return sign + digits.charAt(0) + fraction + "e" + (n > 0 ? "+" : "-") + Math.abs(n - 1);
    }

    /// The fewest digits that read back as the number. Java writes the same ones, but never fewer than two.
    private static BigDecimal shortest(double number) {
        var java = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        if (java.precision() != 2) {
            return java;
        }
        var tens = java.unscaledValue().divide(BigInteger.TEN);
        var below = new BigDecimal(tens, java.scale() - 1);
        var above = new BigDecimal(tens.add(BigInteger.ONE), java.scale() - 1);
        boolean belowIs = below.doubleValue() == number;
        boolean aboveIs = above.doubleValue() == number;
        if (belowIs && aboveIs) {
            var exact = new BigDecimal(number);
            boolean nearerBelow = exact.subtract(below).compareTo(above.subtract(exact)) <= 0;
            return nearerBelow ? below : above.stripTrailingZeros();
        }
        return belowIs ? below : aboveIs ? above.stripTrailingZeros() : java;
    }
}

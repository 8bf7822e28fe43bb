package dev.countersign.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what somebody may have meant.
final class Spelling {
    private Spelling() {}

    /// The nearest of the known words, when one is near: a third of the letters wrong at most.
    static Optional<String> near(String word, Collection<String> known) {
        return known.stream()
                .filter(it -> distance(word, it) <= Math.max(1, Math.min(word.length(), it.length()) / 3))
                .min(Comparator.<String>comparingInt(it -> distance(word, it))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /// `; did you mean …?`, or else what there is to choose from.
    static String hint(String word, Collection<String> known) {
        return near(word, known)
                .map(it -> "; did you mean `" + it + "`?")
                .orElseGet(() -> known.isEmpty() ? "" : "; there is " + listed(known));
    }

    private static String listed(Collection<String> known) {
        var shown = known.stream().sorted().limit(12).map(it -> "`" + it + "`").toList();
        return String.join(", ", shown) + (known.size() > shown.size() ? ", …" : "");
    }

    /// Letters left out, put in, changed, or swapped with their neighbour.
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 4 || a.length() > 100) {
            return Integer.MAX_VALUE;
        }
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}

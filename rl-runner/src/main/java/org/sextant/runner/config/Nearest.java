// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody probably meant. */
public final class Nearest {
    private Nearest() {}

    /** The known word with the fewest edits from {@code word}, if there are few enough to be a slip. */
    public static Optional<String> to(String word, Collection<String> known) {
        int most = word.length() < 3 ? 0 : Math.max(1, word.length() / 3);
        return known.stream()
                .filter(k -> distance(word, k) <= most)
                .min(Comparator.comparingInt((String k) -> distance(word, k)).thenComparing(Comparator.naturalOrder()));
    }

    /** {@code " (did you mean 'x'?)"}, or nothing. */
    public static String hint(String word, Collection<String> known) {
        return to(word, known).map(k -> " (did you mean '" + k + "'?)").orElse("");
    }

    /** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) between two words, ignoring case. */
    static int distance(String a, String b) {
        String from = a.toLowerCase(java.util.Locale.ROOT);
        String to = b.toLowerCase(java.util.Locale.ROOT);
        int[][] d = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : cheapest(d, from, to, i, j);
            }
        }
        return d[from.length()][to.length()];
    }

    private static int cheapest(int[][] d, String from, String to, int i, int j) {
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int best = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}

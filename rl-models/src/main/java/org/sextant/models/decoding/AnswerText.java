// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.Arrays;
import java.util.List;
import org.sextant.api.model.Tokenizer;

/**
 * Looks for stop strings in an answer while it grows. A token is decoded together with the one before it, because the text of a token may
 * depend on what precedes it, and held back while it ends in the middle of a character.
 */
final class AnswerText {
    private static final char INCOMPLETE = '\uFFFD';

    private final Tokenizer tokenizer;
    private final List<String> strings;
    private final int longest;
    private final StringBuilder tail = new StringBuilder();
    private int contextFrom;
    private int readTo;

    /** @param start where the answer begins in the row */
    AnswerText(Tokenizer tokenizer, List<String> strings, int start) {
        this.tokenizer = tokenizer;
        this.strings = strings;
        this.longest = strings.stream().mapToInt(String::length).max().orElse(0);
        this.contextFrom = start;
        this.readTo = start;
    }

    /** Reads on up to {@code length}; whether a stop string ends in what is new. */
    boolean containsAfter(int[] tokens, int length) {
        String known = text(tokens, contextFrom, readTo);
        String all = text(tokens, contextFrom, length);
        if (all.length() <= known.length() || all.charAt(all.length() - 1) == INCOMPLETE) {
            return false;
        }
        tail.append(all, known.length(), all.length());
        contextFrom = readTo;
        readTo = length;
        boolean found = strings.stream().anyMatch(s -> tail.indexOf(s) >= 0);
        tail.delete(0, Math.max(0, tail.length() - longest + 1));
        return found;
    }

    private String text(int[] tokens, int from, int to) {
        return tokenizer.decode(Arrays.copyOfRange(tokens, from, to));
    }
}

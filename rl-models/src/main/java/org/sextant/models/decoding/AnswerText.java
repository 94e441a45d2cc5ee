// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.List;
import org.sextant.api.model.Tokenizer;
import org.sextant.models.text.IncrementalText;

/** Looks for stop strings in the text of an answer while it grows. */
final class AnswerText {
    private final IncrementalText text;
    private final List<String> strings;
    private final int longest;
    private final StringBuilder tail = new StringBuilder();
    private int readTo;

    /** @param start where the answer begins in the row */
    AnswerText(Tokenizer tokenizer, List<String> strings, int start) {
        this.text = new IncrementalText(tokenizer);
        this.strings = strings;
        this.longest = strings.stream().mapToInt(String::length).max().orElse(0);
        this.readTo = start;
    }

    /** Reads on up to {@code length}; whether a stop string ends in what is new. */
    boolean containsAfter(int[] tokens, int length) {
        while (readTo < length) {
            tail.append(text.add(tokens[readTo++]));
        }
        boolean found = strings.stream().anyMatch(s -> tail.indexOf(s) >= 0);
        tail.delete(0, Math.max(0, tail.length() - longest + 1));
        return found;
    }
}

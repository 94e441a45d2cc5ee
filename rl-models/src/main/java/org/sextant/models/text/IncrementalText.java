// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import java.util.Arrays;
import org.sextant.api.model.Tokenizer;

/**
 * The text of a growing sequence of ids, piece by piece, never half a character. Pieces and {@link #rest} together are what the tokenizer makes
 * of the whole sequence.
 *
 * <p>An id is decoded together with those before it since the last end of a character, and with the one before those, because its text may
 * depend on what precedes it. What ends in U+FFFD is held back: it may be the beginning of a character.
 */
public final class IncrementalText {
    private static final char INCOMPLETE = '\uFFFD';

    private final Tokenizer tokenizer;
    private int[] window = new int[8];
    private int length;
    /** How many ids of the window have been told. */
    private int context;
    /** How many characters of the window's text have been told. */
    private int told;

    public IncrementalText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** What an id adds to the text; empty if it adds nothing or ends inside a character. */
    public String add(int id) {
        if (length == window.length) {
            window = Arrays.copyOf(window, 2 * length);
        }
        window[length++] = id;
        String text = text();
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == INCOMPLETE) {
            end--;
        }
        if (end <= told) {
            return "";
        }
        String piece = text.substring(told, end);
        told = end;
        if (end == text.length()) {
            moveOn();
        }
        return piece;
    }

    /** Forgets what was told before the last piece. */
    private void moveOn() {
        System.arraycopy(window, context, window, 0, length - context);
        length -= context;
        context = length;
        told = text().length();
    }

    /** What is held back, for the end of the sequence. */
    public String rest() {
        String text = text();
        return text.substring(Math.min(told, text.length()));
    }

    private String text() {
        return tokenizer.decode(Arrays.copyOf(window, length));
    }
}

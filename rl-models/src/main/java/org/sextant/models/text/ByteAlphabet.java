// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

/**
 * The characters that byte-level tokenizers write bytes with (GPT-2's {@code bytes_to_unicode}): printable Latin-1 characters stand for
 * themselves, the other bytes for characters from U+0100 on, in order.
 */
final class ByteAlphabet {
    private static final int[] CHARACTERS = new int[256];

    static {
        int next = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xAC || value >= 0xAE;
            CHARACTERS[value] = printable ? value : next++;
        }
    }

    private ByteAlphabet() {}

    static int character(int value) {
        return CHARACTERS[value];
    }
}

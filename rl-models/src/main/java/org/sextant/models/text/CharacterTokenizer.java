// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One id for each character (code point) of an alphabet, and id 0 for the end of a sequence: for small models on small tasks. A character
 * outside the alphabet is an error, never replaced. Saved beside a model as {@value #FILE}.
 */
public final class CharacterTokenizer implements ModelTokenizer {
    /** Name of the file in a model's directory. */
    public static final String FILE = "characters.json";

    private static final int EOS = 0;
    private static final int SHOWN = 40;

    private final int[] characters;
    private final Map<Integer, Integer> ids = new HashMap<>();

    private CharacterTokenizer(int[] characters) {
        this.characters = characters;
        for (int i = 0; i < characters.length; i++) {
            if (ids.put(characters[i], i + 1) != null) {
                throw new IllegalArgumentException("the alphabet has " + describe(characters[i]) + " twice");
            }
        }
    }

    /** @param alphabet distinct characters; the first gets id 1 */
    public static CharacterTokenizer of(String alphabet) {
        return new CharacterTokenizer(alphabet.codePoints().toArray());
    }

    /** @throws org.sextant.models.files.ModelFileException if the file is missing or is not one of these */
    public static CharacterTokenizer load(Path directory) {
        return CharacterFile.read(directory.resolve(FILE));
    }

    /** Writes {@value #FILE}. */
    @Override
    public void save(Path directory) {
        CharacterFile.write(directory.resolve(FILE), alphabet());
    }

    /** The characters in the order of their ids. */
    public String alphabet() {
        return new String(characters, 0, characters.length);
    }

    /** @throws IllegalArgumentException that names the first character without an id and where it is */
    @Override
    public int[] encode(String text) {
        int[] points = text.codePoints().toArray();
        int[] encoded = new int[points.length];
        for (int i = 0; i < points.length; i++) {
            Integer id = ids.get(points[i]);
            if (id == null) {
                throw new IllegalArgumentException(describe(points[i]) + " at position " + i + " of \""
                        + shortened(text) + "\" has no id; the tokenizer knows these characters: " + alphabet());
            }
            encoded[i] = id;
        }
        return encoded;
    }

    private static String describe(int character) {
        return "character '" + Character.toString(character) + "' (" + String.format("U+%04X", character) + ")";
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= SHOWN
                ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
    }

    @Override
    public String decode(int[] encoded) {
        StringBuilder text = new StringBuilder();
        for (int id : encoded) {
            if (id < 0 || id > characters.length) {
                throw new IllegalArgumentException("id " + id + " has no character; ids are 0 to " + characters.length);
            }
            if (id != EOS) {
                text.appendCodePoint(characters[id - 1]);
            }
        }
        return text.toString();
    }

    @Override
    public int vocabularySize() {
        return characters.length + 1;
    }

    @Override
    public int eos() {
        return EOS;
    }

    /** None: a prompt begins with its first character. */
    @Override
    public OptionalInt bos() {
        return OptionalInt.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CharacterTokenizer that && alphabet().equals(that.alphabet());
    }

    @Override
    public int hashCode() {
        return alphabet().hashCode();
    }

    @Override
    public String toString() {
        return "CharacterTokenizer[" + alphabet() + "]";
    }
}

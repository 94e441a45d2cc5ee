// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.config;

import java.util.List;
import java.util.Optional;

/**
 * One block of the configuration. Every key that is read is remembered; after everything is built, keys that nobody
 * read are errors. A problem (missing key, wrong type, out of range) does not stop the reading: it is collected with
 * file and line, a harmless value is returned, and all problems are reported together before any work starts. So do not
 * act on what you read until the run begins.
 */
public interface ConfigReader {
    /** Where the block stands: {@code phases[1].algorithm}. */
    String path();

    /** Whether the key has a value that is not null. Does not count as reading it. */
    boolean has(String key);

    /** A text; a number or a flag is not one. */
    String string(String key);

    /** A whole number. */
    int integer(String key, Range range);

    /** A whole number of 64 bits, such as a seed. */
    long longInteger(String key, Range range);

    /** A number; the text "5" is not one. */
    double decimal(String key, Range range);

    /** True or false. */
    boolean bool(String key);

    /** An enum constant, written in lower case with hyphens. */
    <E extends Enum<E>> E oneOf(String key, Class<E> type);

    /** One of some names, where what there is to choose from is not known to the compiler. */
    String oneOf(String key, List<String> names);

    /** A list of texts. */
    List<String> strings(String key);

    /** A list of whole numbers, each in the range. */
    List<Integer> integers(String key, Range range);

    /** A block inside this one. */
    ConfigReader object(String key);

    /** A list of blocks. */
    List<ConfigReader> objects(String key);

    /** A number that may be null or absent. */
    default Optional<Double> optionalDecimal(String key, Range range) {
        return has(key) ? Optional.of(decimal(key, range)) : absent(key);
    }

    /** A whole number that may be null or absent. */
    default Optional<Integer> optionalInteger(String key, Range range) {
        return has(key) ? Optional.of(integer(key, range)) : absent(key);
    }

    /** A text that may be null or absent. */
    default Optional<String> optionalString(String key) {
        return has(key) ? Optional.of(string(key)) : absent(key);
    }

    /** Marks a key as read although it is null or absent; returns empty. */
    <T> Optional<T> absent(String key);

    /** Reports a problem of this key's value, for checks across keys. */
    void problem(String key, String message);
}

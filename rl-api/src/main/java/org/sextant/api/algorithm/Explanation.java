// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a part of a run computes, with its settings, for people: {@code ./rl explain} prints it. Filled by whoever knows, in the order in which it is to be
 * read.
 */
public final class Explanation {
    private final SequencedMap<String, String> lines = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * Says what something is.
     *
     * @param name of what is defined: {@code advantage}, {@code policy loss}
     * @param text a formula, numbers in their places; symbols are those of the class comment
     */
    public Explanation line(String name, String text) {
        lines.put(name, text);
        return this;
    }

    /** A number as people write it: {@code 1}, {@code 0.2}, {@code 1e-6}. */
    public static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : Double.toString(value).replace(".0E", "e").replace('E', 'e');
    }

    /** Names settings that are legal together and known to be a mistake, and says what to do instead. */
    public Explanation warning(String text) {
        warnings.add(text);
        return this;
    }

    /** A warning where a condition holds. */
    public Explanation warnIf(boolean condition, String text) {
        return condition ? warning(text) : this;
    }

    /** These lines and warnings, then those of another. */
    public Explanation then(Explanation other) {
        lines.putAll(other.lines);
        warnings.addAll(other.warnings);
        return this;
    }

    /** What was said, by name. */
    public Map<String, String> lines() {
        return Collections.unmodifiableSequencedMap(lines);
    }

    public List<String> warnings() {
        return List.copyOf(warnings);
    }
}

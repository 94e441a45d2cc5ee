// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.util.Collection;
import java.util.Iterator;

/** What was found in a file, fit for a message: short, on one line, without control characters. */
public final class Shown {
    private static final int MOST_CHARACTERS = 120;
    private static final int MOST_NAMES = 5;

    private Shown() {}

    public static String text(String found) {
        StringBuilder shown = new StringBuilder();
        found.codePoints().limit(MOST_CHARACTERS).forEach(c -> append(shown, c, ""));
        return found.codePointCount(0, found.length()) > MOST_CHARACTERS ? shown + "…" : shown.toString();
    }

    /** A whole message: whatever came into it, it says nothing to a terminal but its lines. */
    static String message(String message) {
        StringBuilder shown = new StringBuilder();
        message.codePoints().forEach(c -> append(shown, c, "\n"));
        return shown.toString();
    }

    private static void append(StringBuilder shown, int c, String kept) {
        boolean unseen = Character.isISOControl(c)
                || !Character.isDefined(c)
                || Character.getType(c) == Character.SURROGATE
                || Character.getType(c) == Character.FORMAT;
        if (unseen && kept.indexOf(c) < 0) {
            shown.append(String.format("\\u%04x", c));
        } else {
            shown.appendCodePoint(c);
        }
    }

    /** The first names, and how many more there are. */
    static String names(Collection<String> names) {
        StringBuilder shown = new StringBuilder();
        Iterator<String> all = names.iterator();
        for (int i = 0; i < MOST_NAMES && all.hasNext(); i++) {
            shown.append(i == 0 ? "" : ", ").append(text(all.next()));
        }
        return names.size() > MOST_NAMES ? shown + " and " + (names.size() - MOST_NAMES) + " more" : shown.toString();
    }
}

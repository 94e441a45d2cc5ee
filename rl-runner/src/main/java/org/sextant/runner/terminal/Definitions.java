// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Names and what they mean, in two columns that fit a terminal. */
public final class Definitions {
    private static final int WIDTH = 100;
    private static final int INDENT = 2;
    private static final int NAMES = 14;

    private Definitions() {}

    /** Each name with its text, broken between words. */
    public static List<String> lines(Map<String, String> texts) {
        List<String> lines = new ArrayList<>();
        texts.forEach((name, text) -> {
            String first = " ".repeat(INDENT) + name + " ".repeat(Math.max(1, NAMES - name.length()));
            String head = first;
            for (String part : broken(text, WIDTH - INDENT - NAMES)) {
                lines.add(head + part);
                head = " ".repeat(INDENT + NAMES);
            }
        });
        return lines;
    }

    private static List<String> broken(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}

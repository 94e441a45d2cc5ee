// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.terminal;

import java.util.Locale;

/** Numbers and foreign text as a person reads them. */
final class Text {
    private static final int LONGEST = 200;

    private Text() {}

    /** Three significant digits or so, in plain notation where that is short. */
    static String number(double value) {
        double size = Math.abs(value);
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        if (value == 0) {
            return "0";
        }
        if (size < 1e-3 || size >= 1e6) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        return String.format(
                Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }

    static String count(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    static String share(double value) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * value);
    }

    /** {@code 0:07}, {@code 12:30}, {@code 1:02:03}. */
    static String time(double seconds) {
        long s = Math.round(seconds);
        return s >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60);
    }

    /** What a model wrote, safe to show: one line, no control characters that a terminal would obey. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().limit(LONGEST).forEach(c -> {
            if (c == '\n') {
                out.append("\\n");
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.append(text.codePoints().count() > LONGEST ? "…\"" : "\"").toString();
    }
}

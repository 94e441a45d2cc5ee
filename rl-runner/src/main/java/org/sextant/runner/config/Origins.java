// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Says where a value was written, as {@code file:line} where there is one. */
final class Origins {
    private Origins() {}

    static String of(ConfigValue value) {
        // The origin of a block or list that was merged from several places is a list of files; the first entry has a
        // line.
        if (value.origin().lineNumber() < 0) {
            Optional<? extends ConfigValue> first = parts(value)
                    .filter(v -> v.origin().lineNumber() > 0)
                    .min(Comparator.comparingInt(v -> v.origin().lineNumber()));
            if (first.isPresent()) {
                return of(first.get().origin());
            }
            // A block that was made around a value from the command line has no origin of its own.
            Optional<? extends ConfigValue> inside = parts(value).findFirst();
            if (inside.isPresent()) {
                return of(inside.get());
            }
        }
        return of(value.origin());
    }

    private static Stream<? extends ConfigValue> parts(ConfigValue value) {
        return switch (value) {
            // Not values(): that is a set, and of equal values it has one.
            case ConfigObject block -> block.entrySet().stream().map(Map.Entry::getValue);
            case ConfigList list -> list.stream();
            default -> Stream.empty();
        };
    }

    /** Whether what was written first is known to be so, or the two are from different files. */
    static boolean before(ConfigValue first, ConfigValue second) {
        boolean last = of(first).startsWith(Setting.COMMAND_LINE);
        if (last || of(second).startsWith(Setting.COMMAND_LINE)) {
            return !last;
        }
        return !file(first).equals(file(second))
                || first.origin().lineNumber() < second.origin().lineNumber();
    }

    private static String file(ConfigValue value) {
        return of(value).replaceFirst(":\\d+$", "");
    }

    static String of(ConfigOrigin origin) {
        int line = origin.lineNumber();
        String text = origin.description();
        String tail = ": " + line;
        return line > 0 && text.endsWith(tail) ? text.substring(0, text.length() - tail.length()) + ":" + line : text;
    }
}

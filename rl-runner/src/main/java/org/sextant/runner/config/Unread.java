// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.sextant.api.config.Problem;

/** Compares what a person wrote with what was read. */
final class Unread {
    private Unread() {}

    /** Reports each key of the written block that nobody read; of an unknown block, the block alone. */
    static void report(String path, ConfigObject given, ReadTree read, Consumer<Problem> problems) {
        given.forEach((key, value) -> {
            String place = join(path, key);
            ReadTree child = read.keys().get(key);
            if (child == null) {
                problems.accept(new Problem(
                        Origins.of(value), place, unknown(key, read.keys().keySet())));
            } else {
                below(place, value, child, problems);
            }
        });
    }

    private static void below(String path, ConfigValue value, ReadTree read, Consumer<Problem> problems) {
        if (read.isAbandoned()) {
            return;
        }
        if (read.isBlock() && value instanceof ConfigObject block) {
            report(path, block, read, problems);
        } else if (value instanceof ConfigList list) {
            for (int i = 0; i < Math.min(list.size(), read.items().size()); i++) {
                below(path + "[" + i + "]", list.get(i), read.items().get(i), problems);
            }
        }
    }

    private static String unknown(String key, Set<String> accepted) {
        return "unknown key" + Nearest.hint(key, accepted) + "; "
                + (accepted.isEmpty()
                        ? "this block takes no keys"
                        : "accepted here: " + String.join(", ", new TreeSet<>(accepted)));
    }

    static String join(String path, String key) {
        String quoted = ConfigUtil.joinPath(key);
        return path.isEmpty() ? quoted : path + "." + quoted;
    }
}

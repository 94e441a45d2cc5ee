// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.terminal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.sextant.runner.directory.RunDirectory;

/** The last thing that a run prints: before and after, what it took, and where everything is. */
public final class ClosingTable {
    private static final String BEFORE = "_before";
    private static final String AFTER = "_after";

    private ClosingTable() {}

    /** @param summary what {@code summary.json} has */
    public static List<String> lines(Map<String, Object> summary, RunDirectory run) {
        List<String> lines = new ArrayList<>();
        accuracies(summary, lines);
        cost(summary, lines);
        lines.add("");
        place("summary", run.path().resolve("summary.json"), lines);
        place("metrics", run.metrics(), lines);
        place("answers", run.evaluations(), lines);
        place("curves", run.tensorboard(), lines);
        place("model", run.model(), lines);
        return lines;
    }

    private static void accuracies(Map<String, Object> summary, List<String> lines) {
        Map<String, Object> sorted = new TreeMap<>(summary);
        for (String key : sorted.keySet()) {
            String name = key.startsWith("eval/accuracy") && key.endsWith(BEFORE)
                    ? key.substring(0, key.length() - BEFORE.length())
                    : "";
            if (sorted.get(key) instanceof Number before && sorted.get(name + AFTER) instanceof Number after) {
                if (lines.isEmpty()) {
                    lines.add(String.format(Locale.ROOT, "%-24s %9s %9s %9s", "", "before", "after", "change"));
                }
                String label = name.replaceFirst("^eval/", "").replace('_', ' ');
                double change = 100 * (after.doubleValue() - before.doubleValue());
                lines.add(String.format(
                        Locale.ROOT,
                        "%-24s %9s %9s %+9.1f",
                        label,
                        Text.share(before.doubleValue()),
                        Text.share(after.doubleValue()),
                        change));
            }
        }
    }

    private static void cost(Map<String, Object> summary, List<String> lines) {
        List<String> parts = new ArrayList<>();
        if (summary.get("eval/questions") instanceof Number n) {
            parts.add(Text.count(n.doubleValue()) + " questions");
        }
        if (summary.get("tokens_generated") instanceof Number n) {
            parts.add(Text.count(n.doubleValue()) + " tokens generated");
        }
        if (summary.get("wall_seconds") instanceof Number n) {
            parts.add(Text.time(n.doubleValue()) + " of wall clock");
        }
        if (summary.get("seed") instanceof Number n) {
            parts.add("seed " + n);
        }
        if (!parts.isEmpty()) {
            lines.add(String.join(", ", parts));
        }
    }

    private static void place(String what, Path path, List<String> lines) {
        if (Files.exists(path)) {
            lines.add(String.format(Locale.ROOT, "%-8s %s", what, path));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sextant.api.config.Problem;

/** The problems that all readers of one configuration have found. */
final class Problems {
    private static final Pattern LINE = Pattern.compile("(.*):(\\d+)");

    private final List<Problem> found = new ArrayList<>();
    private final boolean ignored;

    Problems() {
        this(false);
    }

    private Problems(boolean ignored) {
        this.ignored = ignored;
    }

    /** For blocks that cannot be judged. */
    static Problems ignored() {
        return new Problems(true);
    }

    void add(Problem problem) {
        if (!ignored && !found.contains(problem)) {
            found.add(problem);
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    boolean under(String path) {
        return ignored
                || found.stream()
                        .anyMatch(p -> p.path().equals(path)
                                || p.path().startsWith(path + ".")
                                || p.path().startsWith(path + "["));
    }

    /** By file, then line: the order in which a person mends them. */
    List<Problem> sorted() {
        return found.stream()
                .sorted(Comparator.comparing((Problem p) -> part(p, 1))
                        .thenComparingInt(p -> Integer.parseInt("0" + part(p, 2))))
                .toList();
    }

    private static String part(Problem problem, int group) {
        Matcher matcher = LINE.matcher(problem.origin());
        return matcher.matches() ? matcher.group(group) : group == 1 ? problem.origin() : "";
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What became of the cases of one method in one file.
 *
 * @param file relative to the directory, with forward slashes
 * @param method the cases' {@code method}, or {@code kind} for models
 * @param passed cases that agree
 * @param failures cases that do not
 * @param skips cases that ask for something that is not offered
 * @param worstError largest {@code |found - expected| / max(1, |expected|)}; 0 if nothing was compared
 */
public record MethodResult(
        String file, String method, int passed, List<Failure> failures, List<Skip> skips, double worstError) {
    public MethodResult {
        failures = List.copyOf(failures);
        skips = List.copyOf(skips);
    }

    /** A case that does not agree, and where. */
    public record Failure(String file, String id, String reason) {}

    /** A case that was not replayed, and what is missing. */
    public record Skip(String id, String reason) {}

    public int failed() {
        return failures.size();
    }

    public int skipped() {
        return skips.size();
    }

    /** One line: file, method, counts, worst error, and what was skipped. */
    public String line() {
        String line = String.format(
                Locale.ROOT,
                "%s %s: %d passed / %d failed / %d skipped, worst error %.2g",
                file,
                method,
                passed,
                failed(),
                skipped(),
                worstError);
        if (skips.isEmpty()) {
            return line;
        }
        return line
                + skips.stream().map(Skip::reason).distinct().collect(Collectors.joining("; ", " (not offered: ", ")"));
    }
}

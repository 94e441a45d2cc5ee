// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.List;

/**
 * The outcome of a conformance run.
 *
 * @param methods one for each method of each file, in the order of the files
 */
public record Report(List<MethodResult> methods) {
    public Report {
        methods = List.copyOf(methods);
    }

    public int passed() {
        return methods.stream().mapToInt(MethodResult::passed).sum();
    }

    public int failed() {
        return methods.stream().mapToInt(MethodResult::failed).sum();
    }

    public int skipped() {
        return methods.stream().mapToInt(MethodResult::skipped).sum();
    }

    public List<MethodResult.Failure> failures() {
        return methods.stream().flatMap(m -> m.failures().stream()).toList();
    }

    /** {@code N passed, N failed, N skipped}, then a line for each case that failed. */
    public List<String> closingLines() {
        List<String> lines = new java.util.ArrayList<>();
        lines.add(passed() + " passed, " + failed() + " failed, " + skipped() + " skipped");
        failures().forEach(f -> lines.add("FAILED " + f.file() + " " + f.id() + ": " + f.reason()));
        return lines;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.sextant.runner.directory.AtomicFiles;

/** The form of a {@link Report} that programs read. */
final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportJson() {}

    static ObjectNode of(Report report) {
        ObjectNode top = JSON.createObjectNode();
        top.put("passed", report.passed());
        top.put("failed", report.failed());
        top.put("skipped", report.skipped());
        ArrayNode methods = top.putArray("methods");
        for (MethodResult result : report.methods()) {
            methods.addObject()
                    .put("file", result.file())
                    .put("method", result.method())
                    .put("passed", result.passed())
                    .put("failed", result.failed())
                    .put("skipped", result.skipped())
                    .put("worst_error", result.worstError());
        }
        ArrayNode failures = top.putArray("failures");
        for (MethodResult.Failure failure : report.failures()) {
            failures.addObject()
                    .put("file", failure.file())
                    .put("id", failure.id())
                    .put("reason", failure.reason());
        }
        return top;
    }

    /** Whole or not at all; fails with the path and the reason. */
    static void write(Report report, Path target) {
        AtomicFiles.write(target, of(report).toPrettyString() + "\n");
    }
}

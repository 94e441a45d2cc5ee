// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sextant.runner.directory.JsonLines;
import org.sextant.runner.directory.RunDirectory;
import org.sextant.runner.loop.RunFiles;

/**
 * The two growing files of a run.
 *
 * @param metrics {@code metrics.jsonl}
 * @param answers {@code eval.jsonl}
 */
record LoggedFiles(JsonLines metrics, JsonLines answers) implements RunFiles, AutoCloseable {
    static LoggedFiles open(RunDirectory run) {
        return new LoggedFiles(JsonLines.open(run.metrics()), JsonLines.open(run.evaluations()));
    }

    @Override
    public Map<String, Long> positions() {
        Map<String, Long> positions = new LinkedHashMap<>();
        positions.put("metrics", metrics.position());
        positions.put("answers", answers.position());
        return positions;
    }

    @Override
    public void cutBack(Map<String, Long> positions) {
        metrics.truncate(positions.getOrDefault("metrics", 0L));
        answers.truncate(positions.getOrDefault("answers", 0L));
    }

    @Override
    public void close() {
        metrics.close();
        answers.close();
    }
}

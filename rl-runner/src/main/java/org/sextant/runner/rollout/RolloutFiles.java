// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.rollout;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.model.PolicySnapshot;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Collector;
import org.sextant.runner.directory.AtomicFiles;
import org.sextant.runner.directory.StorageException;

/**
 * A collector that also writes what was collected to {@code rollouts/}, one JSON line a row with all its columns: token ids, log-probabilities,
 * scores. Nothing has to be tokenised or sampled again to train on it. A resumed run writes the same files again.
 */
public final class RolloutFiles implements Collector {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Collector collector;
    private final Path folder;

    public RolloutFiles(Collector collector, Path folder) {
        this.collector = collector;
        this.folder = folder;
    }

    @Override
    public Experience collect(PolicySnapshot policy, List<Item> items, RolloutPlan plan, Streams streams, long step) {
        Experience batch = collector.collect(policy, items, plan, streams, step);
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < batch.rows(); row++) {
            lines.append(line(batch, row)).append('\n');
        }
        write(folder.resolve(name(step)), lines.toString());
        return batch;
    }

    private void write(Path file, String text) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw StorageException.writing(folder, e);
        }
        AtomicFiles.write(file, text);
    }

    private static String name(long number) {
        StepNumber step = StepNumber.of(number);
        String round = step.round() == 0 ? "" : "-round-" + step.round();
        return "phase-%d-step-%06d%s.jsonl".formatted(step.phase(), step.step(), round);
    }

    private static ObjectNode line(Experience batch, int row) {
        ObjectNode node = JSON.createObjectNode();
        Layout layout = batch.layout();
        for (Column<?> column : batch.columns().keys()) {
            Object values = batch.get(column);
            if (column.domain() == Domain.ROW) {
                node.set(column.name(), JSON.valueToTree(finite(Array.get(values, row))));
                continue;
            }
            int from = column.domain() == Domain.STATE ? layout.stateStart(row) : layout.start(row);
            int count = layout.length(row) + (column.domain() == Domain.STATE ? 1 : 0);
            ArrayNode list = node.putArray(column.name());
            for (int i = from; i < from + count; i++) {
                list.add(JSON.<com.fasterxml.jackson.databind.JsonNode>valueToTree(finite(Array.get(values, i))));
            }
        }
        return node;
    }

    /** JSON has no NaN: a reward that abstained is null. */
    private static Object finite(Object value) {
        return value instanceof Double d && !Double.isFinite(d) ? null : value;
    }
}

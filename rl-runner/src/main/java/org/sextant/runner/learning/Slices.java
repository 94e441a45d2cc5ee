// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sextant.api.algorithm.Coupling;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;

/** Cuts a batch into micro-batches of at most so many tokens; rows keep their order, and coupled rows stay together. */
public final class Slices {
    private Slices() {}

    /**
     * @param maxTokens tokens of one slice; a row or group longer than that is a slice of its own
     * @param coupling {@link Coupling#GROUP} keeps the rows of a group in one slice
     */
    public static List<Rows> cut(Experience batch, int maxTokens, Coupling coupling) {
        Layout layout = batch.layout();
        List<Rows> slices = new ArrayList<>();
        List<Integer> current = new ArrayList<>();
        int tokens = 0;
        for (List<Integer> unit : units(batch, coupling)) {
            int more = unit.stream().mapToInt(layout::length).sum();
            if (!current.isEmpty() && tokens + more > maxTokens) {
                slices.add(rows(current));
                current.clear();
                tokens = 0;
            }
            current.addAll(unit);
            tokens += more;
        }
        if (!current.isEmpty()) {
            slices.add(rows(current));
        }
        return slices;
    }

    /** Rows that must stay together, in the order in which they first appear. */
    public static List<List<Integer>> units(Experience batch, Coupling coupling) {
        Map<Integer, List<Integer>> byUnit = new LinkedHashMap<>();
        int[] group = coupling == Coupling.GROUP ? batch.get(Standard.GROUP) : null;
        for (int row = 0; row < batch.rows(); row++) {
            byUnit.computeIfAbsent(group == null ? row : group[row], g -> new ArrayList<>())
                    .add(row);
        }
        return List.copyOf(byUnit.values());
    }

    private static Rows rows(List<Integer> index) {
        return Rows.of(index.stream().mapToInt(Integer::intValue).toArray());
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.ArrayList;
import java.util.List;
import org.sextant.api.algorithm.Coupling;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Rows;
import org.sextant.api.random.Stream;
import org.sextant.runner.learning.Slices;

/** Splits a round's rows into optimiser batches of nearly equal numbers of rows or groups, in a random order. */
final class MiniBatches {
    private MiniBatches() {}

    /** @return {@code count} batches, or fewer if there are fewer rows or groups */
    static List<Rows> split(Experience batch, int count, Coupling coupling, Stream stream) {
        if (count == 1) {
            return List.of(Rows.all(batch.rows()));
        }
        List<List<Integer>> units = Slices.units(batch, coupling);
        int[] order = stream.permutation(units.size());
        int batches = Math.min(count, units.size());
        List<Rows> result = new ArrayList<>();
        for (int b = 0; b < batches; b++) {
            List<Integer> rows = new ArrayList<>();
            for (int i = b * units.size() / batches; i < (b + 1) * units.size() / batches; i++) {
                rows.addAll(units.get(order[i]));
            }
            result.add(Rows.of(rows.stream().mapToInt(Integer::intValue).toArray()));
        }
        return result;
    }
}

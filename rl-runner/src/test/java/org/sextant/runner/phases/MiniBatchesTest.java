// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sextant.api.algorithm.Coupling;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;

class MiniBatchesTest {
    private final Experience batch =
            Experience.of(Layout.ofLengths(1, 1, 1, 1, 1, 1), Columns.of(Standard.GROUP, new int[] {0, 0, 1, 1, 2, 2}));

    private List<Rows> split(int count, Coupling coupling) {
        return MiniBatches.split(batch, count, coupling, new Streams(1).open(StreamKey.of("test")));
    }

    private static List<Integer> all(List<Rows> batches) {
        List<Integer> rows = new ArrayList<>();
        batches.forEach(b -> java.util.Arrays.stream(b.toArray()).forEach(rows::add));
        return rows;
    }

    @Test
    void everyRowIsInExactlyOneBatch() {
        assertThat(split(4, Coupling.ROW)).hasSize(4);
        assertThat(all(split(4, Coupling.ROW))).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    @Test
    void aGroupStaysTogether() {
        for (Rows rows : split(3, Coupling.GROUP)) {
            assertThat(rows.toArray()).hasSize(2);
            assertThat(rows.toArray()[0] / 2).isEqualTo(rows.toArray()[1] / 2);
        }
    }

    @Test
    void thereAreNeverMoreBatchesThanGroups() {
        assertThat(split(5, Coupling.GROUP)).hasSize(3);
    }

    @Test
    void oneBatchKeepsTheOrder() {
        assertThat(split(1, Coupling.ROW)).containsExactly(Rows.of(0, 1, 2, 3, 4, 5));
    }
}

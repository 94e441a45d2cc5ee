// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.nd4j.kernels.Scratch.Slot;

/** Writes keys or values to their slots: in runs where slots follow one another, as prompts and training have them, else row by row. */
final class KeyValueRows {
    /** Rows that ND4J scatters in the time that one more call takes. */
    private static final int ROWS_PER_CALL = 16;

    private final Scratch scratch;
    private final Operations operations;

    KeyValueRows(Scratch scratch, Operations operations) {
        this.scratch = scratch;
        this.operations = operations;
    }

    void store(INDArray rows, INDArray slots, SegmentPlan plan) {
        int count = (int) rows.size(0);
        if (runs(plan, count) * ROWS_PER_CALL > count) {
            INDArray copy = scratch.matrix(Slot.A, count, rows.size(1));
            copy.assign(rows);
            operations.scatterUpdate(slots, plan.slots(), copy);
            return;
        }
        int from = 0;
        for (int r = 1; r <= count; r++) {
            if (r == count || plan.slot(r) != plan.slot(r - 1) + 1) {
                part(slots, plan.slot(from), r - from, slots.size(1))
                        .assign(part(rows, from, r - from, rows.stride(0)));
                from = r;
            }
        }
    }

    private static int runs(SegmentPlan plan, int count) {
        int runs = 1;
        for (int r = 1; r < count; r++) {
            runs += plan.slot(r) == plan.slot(r - 1) + 1 ? 0 : 1;
        }
        return runs;
    }

    private static INDArray part(INDArray matrix, long first, long count, long width) {
        return Views.of(matrix, first * width, new long[] {count, matrix.size(1)}, new long[] {width, 1});
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The left operand of {@link ColumnTiles}: {@code [rows / G][depth][G]} with G = {@link ColumnTiles#ROWS}, filled one depth at a time from
 * numbers that lie side by side.
 */
final class RowGroups {
    private static final int GROUP = ColumnTiles.ROWS;
    private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;

    private RowGroups() {}

    /** Numbers from a group to the next: with room for the end of a vector. */
    static int stride(int depth) {
        return depth * GROUP + 16;
    }

    /** Numbers that the groups of some rows take. */
    static int size(int rows, int depth) {
        return Math.ceilDiv(rows, GROUP) * stride(depth);
    }

    /**
     * Spreads n consecutive numbers over the groups. A vector may be longer than a group: what is too much lies where the next depth, or
     * nothing, belongs, so depths are filled in ascending order.
     *
     * @param at of the first group's numbers of this depth
     */
    static void spread(long from, int n, float[] groups, int at, int stride) {
        int i = 0;
        for (; i + EIGHT.length() <= n; i += GROUP, at += stride) {
            FloatVector.fromMemorySegment(EIGHT, Lanes.MEMORY, from + (long) i * Float.BYTES, Lanes.ORDER)
                    .intoArray(groups, at);
        }
        for (; i < n; i++) {
            groups[at + i % GROUP] = Lanes.get(from + (long) i * Float.BYTES);
            if (i % GROUP == GROUP - 1) {
                at += stride;
            }
        }
    }
}
